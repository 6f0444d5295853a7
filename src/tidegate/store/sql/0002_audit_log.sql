-- The audit log: many logs in one database, each an RFC 6962 tree. Rows are only ever added.

-- One row a log: its size and frontier (the roots of the complete subtrees that end at its edge, largest first).
-- Its row lock puts the appends to one log in order.
create table audit.head (
    log_id text primary key check (log_id <> ''),
    size bigint not null check (size >= 0),
    frontier bytea[] not null
);

-- One row a leaf. `digest` is the leaf's data. Where the log is ours, `body` is the event's canonical JSON and
-- digest = SHA-256(domain | salt | body); both may be forgotten later, and the tree still verifies.
create table audit.entry (
    log_id text not null references audit.head,
    index bigint not null check (index >= 0),
    digest bytea not null check (octet_length(digest) = 32),
    salt bytea check (octet_length(salt) = 16),
    body text,
    primary key (log_id, index),
    check ((salt is null) = (body is null))
);

-- The roots of complete subtrees of 2^level leaves, kept so that a proof reads a few rows and not the whole log.
create table audit.node (
    log_id text not null references audit.head,
    level smallint not null check (level >= 0),
    index bigint not null check (index >= 0),
    hash bytea not null check (octet_length(hash) = 32),
    primary key (log_id, level, index)
);

-- Signed notes about a log at one size, with the lines of its witnesses. Two roots at one size prove a fork, so
-- both are kept.
create table audit.checkpoint (
    log_id text not null,
    size bigint not null check (size >= 0),
    root bytea not null check (octet_length(root) = 32),
    note text not null,
    cosignatures jsonb not null default '[]' check (jsonb_typeof(cosignatures) = 'array'),
    made_at timestamptz not null,
    primary key (log_id, size, root)
);

-- Which event of the node log sealed which row. `digest` is null where the event says that the row was removed.
-- The log is what counts; this table only finds the event.
create table audit.row_seal (
    table_name text not null,
    row_key text not null,
    log_index bigint not null,
    digest bytea check (octet_length(digest) = 32),
    primary key (table_name, row_key, log_index)
);

-- A head only grows: whoever has only a working role cannot cut a log short.
create function audit.head_grows() returns trigger language plpgsql as $$
begin
    if new.log_id <> old.log_id or new.size <= old.size then
        raise exception 'an audit log only grows' using errcode = 'insufficient_privilege';
    end if;
    return new;
end
$$;
create trigger head_grows before update on audit.head for each row execute function audit.head_grows();

-- A checkpoint gains witness lines; its note and root stay.
create function audit.checkpoint_gains() returns trigger language plpgsql as $$
begin
    if not (new.cosignatures @> old.cosignatures) then
        raise exception 'a checkpoint loses no cosignature' using errcode = 'insufficient_privilege';
    end if;
    return new;
end
$$;
create trigger checkpoint_gains before update on audit.checkpoint
    for each row execute function audit.checkpoint_gains();

-- Retention: forget what an entry said, keep that it was said. The event that says so is appended by the caller.
create function audit.forget_body(of_log text, at_index bigint) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
    update audit.entry set salt = null, body = null
    where log_id = of_log and index = at_index and body is not null
    returning true
$$;

grant select, insert on audit.entry, audit.node, audit.checkpoint, audit.row_seal to tidegate_desk, tidegate_exchange;
grant select, insert on audit.head to tidegate_desk, tidegate_exchange;
grant update (size, frontier) on audit.head to tidegate_desk, tidegate_exchange;
grant update (cosignatures) on audit.checkpoint to tidegate_desk, tidegate_exchange;
grant execute on function audit.head_grows, audit.checkpoint_gains to tidegate_desk, tidegate_exchange;
grant execute on function audit.forget_body to tidegate_desk;
