-- The node's own things: one table a thing, each with an id and a JSON body, in order of making.

create table node.act (
  id text primary key,
  body jsonb not null,
  made bigint generated always as identity
);
create table node.agreement (
  id text primary key,
  body jsonb not null,
  made bigint generated always as identity
);
create table node.approval (
  id text primary key,
  body jsonb not null,
  made bigint generated always as identity
);
create table node.case_file (
  id text primary key,
  body jsonb not null,
  made bigint generated always as identity
);
create table node.correspondence (
  id text primary key,
  body jsonb not null,
  made bigint generated always as identity
);
create table node.decision (
  id text primary key,
  body jsonb not null,
  made bigint generated always as identity
);
create table node.finding (
  id text primary key,
  body jsonb not null,
  made bigint generated always as identity
);
create table node.key_notice (
  id text primary key,
  body jsonb not null,
  made bigint generated always as identity
);
create table node.meeting (
  id text primary key,
  body jsonb not null,
  made bigint generated always as identity
);
create table node.partner (
  id text primary key,
  body jsonb not null,
  made bigint generated always as identity
);
create table node.pledge (
  id text primary key,
  body jsonb not null,
  made bigint generated always as identity
);
create table node.proposal (
  id text primary key,
  body jsonb not null,
  made bigint generated always as identity
);
create table node.refusal (
  id text primary key,
  body jsonb not null,
  made bigint generated always as identity
);
create table node.standing_disclosure (
  id text primary key,
  body jsonb not null,
  made bigint generated always as identity
);
create table node.statement (
  id text primary key,
  body jsonb not null,
  made bigint generated always as identity
);
create table node.watch_entry (
  id text primary key,
  body jsonb not null,
  made bigint generated always as identity
);
create index finding_run on node.finding ((body ->> 'run'));
create index statement_case on node.statement ((body ->> 'case_id'));

-- Who this node is. One row.
create table node.identity (
  one boolean primary key default true check (one),
  node_id text not null,
  agency jsonb not null,
  suite smallint not null,
  root_public bytea not null,
  invented boolean not null,
  certificate bytea not null,
  made_at timestamptz not null
);

-- Private keys, locked with the node's passphrase. `name` is "root" or "working/<serial>".
create table node.secret (
  name text primary key,
  locked bytea not null,
  made_at timestamptz not null
);

-- Moves a story node's clock away from the machine's. One row, only where the node is marked invented.
create table node.story_clock (
  one boolean primary key default true check (one),
  shift interval not null
);

create table node.officer (
  id text primary key,
  name text not null,
  role text not null check (role in ('liaison', 'second', 'secretariat', 'operator')),
  code_hash text not null,
  disabled boolean not null default false
);

-- One link to each partner: how far each direction has come.
create table node.link (
  partner_id text primary key,
  body jsonb not null
);

-- What we send. The draft is sealed to ourselves until the moment of sending; then the envelope is fixed.
create table node.outgoing (
  place bigint generated always as identity primary key,
  rank bigint,  -- place of the first attempt, where this is another one: the order of the queue stays
  id text not null,
  partner_id text not null,
  agreement_id text,
  pillar text,
  kind text not null,
  state text not null check (state in ('queued', 'sealed', 'acknowledged', 'refused', 'withdrawn')),
  draft bytea not null,
  queued_at timestamptz not null,
  generation integer,
  sequence integer,
  envelope bytea,
  envelope_digest text,
  sealed_at timestamptz,
  receipt bytea,
  acknowledged_at timestamptz,
  held_because text,
  not_before timestamptz  -- a refused one waits until a word about its agreement is heard, or this long
);
-- A message refused at the partner's gate is queued again under a new number; its id stays.
create unique index outgoing_id on node.outgoing (id) where state not in ('refused', 'withdrawn');
create unique index outgoing_sequence on node.outgoing (partner_id, generation, sequence);
create index outgoing_waiting on node.outgoing (partner_id, place) where state in ('queued', 'sealed');

-- What arrived, with the bytes as received and the receipt we signed. Of a message that our gate refused only the
-- digest and the receipt stay: envelope and item are empty.
create table node.incoming (
  place bigint generated always as identity primary key,
  partner_id text not null,
  generation integer not null,
  sequence integer not null,
  item_id text not null,
  kind text not null,
  outcome text not null default '',
  envelope bytea not null,
  envelope_digest text not null unique,
  item bytea not null,
  received_at timestamptz not null,
  receipt bytea not null,
  unique (partner_id, generation, sequence)
);

-- What the public listener may read. Nothing else is granted to its role.
create table published.entry (
  id text primary key,
  body jsonb not null,
  made bigint generated always as identity
);
create table published.error_report (
  number bigint generated always as identity primary key,
  line text not null,
  words text not null,
  reply_to text not null default '',
  received_at timestamptz not null default now()
);

create view published.identity as select node_id, agency, suite, root_public, invented, certificate from node.identity;
create view published.story_clock as select shift from node.story_clock;

grant usage on schema node to tidegate_desk, tidegate_exchange;
grant select, insert, update on all tables in schema node to tidegate_desk, tidegate_exchange;
revoke all on node.officer from tidegate_exchange;
grant usage on schema published to tidegate_public, tidegate_desk;
grant select, insert, update on published.entry to tidegate_desk;
grant select on published.error_report to tidegate_desk;
grant select on published.entry to tidegate_public;
grant select on published.story_clock, published.identity to tidegate_public, tidegate_desk, tidegate_exchange;
grant insert on published.error_report to tidegate_public;
grant select (number) on published.error_report to tidegate_public;
