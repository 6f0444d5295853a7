-- What a witness knows: whose logs it watches, and the last head of each that it signed.
create schema witness;

create table witness.self (
  one boolean primary key default true check (one),
  name text not null,
  key_locked bytea not null,
  verifier text not null,
  root_public bytea not null,
  notice text not null
);

-- Nodes whose logs are watched. The root key stands; its notices tell which keys signed checkpoints when.
create table witness.watched (
  node_id text primary key,
  root_public bytea not null
);

create table witness.notice (
  node_id text not null references witness.watched,
  serial integer not null,
  notice text not null,
  primary key (node_id, serial)
);

create table witness.seen (
  origin text primary key,
  node_id text not null references witness.watched,
  size bigint not null,
  root bytea not null,
  note text not null,
  seen_at timestamptz not null
);

-- Every head signed, so that a fork can be shown later.
create table witness.signed (
  place bigint generated always as identity primary key,
  origin text not null,
  size bigint not null,
  root bytea not null,
  note text not null,
  cosignature text not null,
  at timestamptz not null
);

grant usage on schema witness to tidegate_witness;
grant select on witness.self to tidegate_witness;
grant select on witness.watched to tidegate_witness;
grant select, insert on witness.notice to tidegate_witness;
grant select, insert, update on witness.seen to tidegate_witness;
grant select, insert on witness.signed to tidegate_witness;
grant select on published.story_clock to tidegate_witness;
grant usage on schema published to tidegate_witness;
