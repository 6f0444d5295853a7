-- A restored node's links: until a partner's answer is adopted, nothing numbered goes out or comes in over that link.
create table node.restart (
  hello_id text primary key,
  partner_id text not null,
  began_at timestamptz not null,
  adopted_at timestamptz
);
-- One open restart a link.
create unique index restart_open on node.restart (partner_id) where adopted_at is null;

-- Each time this database was restored from a backup: its own log went on from an older head under a new name.
create table node.restoration (
  restored_at timestamptz primary key,
  backup_made_at text not null
);

grant select, insert, update on node.restart to tidegate_desk, tidegate_exchange;
grant select on node.restoration to tidegate_desk, tidegate_exchange;
