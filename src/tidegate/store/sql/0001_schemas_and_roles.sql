-- Schemas: who works where. The roles themselves are in prepare.sql, since they stand for the whole server.
--   node: what the node knows. audit: what people did. published: what the public may read.

revoke all on schema public from public;

create schema if not exists node;
create schema if not exists audit;
create schema if not exists published;

grant usage on schema node, audit, published to tidegate_desk, tidegate_exchange;
grant usage on schema published to tidegate_public;

-- The desk and the exchange read which steps were applied; nobody but the owner writes them.
grant select on audit.schema_version to tidegate_desk, tidegate_exchange;

-- No default privileges: a later migration that makes a table says itself who may do what with it.
-- Functions are not for everybody unless given.
alter default privileges revoke execute on functions from public;
