-- What a witness knows: the logs it watches, and the last head of each that it signed.
create schema witness;

create table witness.self (
  one boolean primary key default true check (one),
  name text not null,
  key_locked bytea not null,
  verifier text not null
);

create table witness.watched (
  origin text primary key,
  verifier text not null,
  size bigint not null default 0,
  root bytea not null default ''::bytea,
  note text not null default '',
  seen_at timestamptz
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
grant select, update on witness.watched to tidegate_witness;
grant select, insert on witness.signed to tidegate_witness;
