-- Schemas and roles: who works where. Three schemas, four plain roles, and nothing for anybody else.
--   node: what the node knows. audit: what people did. published: what the public may read.
-- The roles stand for the whole server, so another database of it may have made them already.

do $$
declare
    role_name text;
begin
    foreach role_name in array array['tidegate_desk', 'tidegate_exchange', 'tidegate_public', 'tidegate_witness'] loop
        begin
            if not exists (select from pg_roles where rolname = role_name) then
                execute format('create role %I login', role_name);
            end if;
        exception
            when duplicate_object or unique_violation then null;  -- made by a migration that ran beside this one
        end;
    end loop;
    if exists (
        select from pg_roles
        where rolname like 'tidegate\_%' and rolname <> 'tidegate_owner' and (rolsuper or rolbypassrls)
    ) then
        raise exception 'a working role of Tidegate is a superuser or passes by row security; alter it first';
    end if;
    execute format('revoke all on database %I from public', current_database());
    execute format(
        'grant connect on database %I to tidegate_desk, tidegate_exchange, tidegate_public, tidegate_witness',
        current_database());
end
$$;

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
