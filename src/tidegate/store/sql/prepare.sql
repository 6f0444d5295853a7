-- Roles and the door of the database: run before every migration and every restoration, and safe to run again.
-- Roles belong to the whole server, and rights on the database itself are in no dump of it.

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
            when duplicate_object or unique_violation then null;  -- made at this moment for another database
        end;
    end loop;
    if exists (
        select from pg_roles
        where rolname in ('tidegate_desk', 'tidegate_exchange', 'tidegate_public', 'tidegate_witness')
        and (rolsuper or rolbypassrls)
    ) then
        raise exception 'a working role of Tidegate is a superuser or passes by row security; alter it first';
    end if;
    -- An owner who is no superuser steps down to a role only as its member (and, from release 16 on, with SET).
    if not (select rolsuper from pg_roles where rolname = current_user) then
        foreach role_name in array array['tidegate_desk', 'tidegate_exchange', 'tidegate_public', 'tidegate_witness'] loop
            if current_setting('server_version_num')::int >= 160000 then
                execute format('grant %I to %I with set true, inherit false', role_name, current_user);
            elsif not pg_has_role(current_user, role_name, 'member') then
                execute format('grant %I to %I', role_name, current_user);
            end if;
        end loop;
    end if;
    execute format('revoke all on database %I from public', current_database());
    execute format(
        'grant connect on database %I to tidegate_desk, tidegate_exchange, tidegate_public, tidegate_witness',
        current_database());
end
$$;
