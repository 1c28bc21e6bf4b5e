-- Rows of one actor, of one kind of act, and refusals: each list of the audit screen reads its page from an index.
create index audit_by_actor on audit (actor, id);
create index audit_by_action on audit (action, id);
create index audit_by_actor_and_action on audit (actor, action, id);
create index audit_refused on audit (id) where outcome <> 'allowed';

-- On which days a referral stood in a list that somebody was shown. It only leads to the rows: those are the proof. One a day, since
-- a list of fifty is opened a hundred times a day.
create table audit_listed (
    referral_id text not null,
    -- As `2026-11-29`, UTC.
    day text not null,
    actor text not null,
    primary key (referral_id, day, actor)
);
insert into audit_listed (referral_id, day, actor)
    select shown.value, to_char(audit.at at time zone 'UTC', 'YYYY-MM-DD'), audit.actor
    from audit, jsonb_array_elements_text(cast(audit.detail as jsonb) -> 'referrals') as shown (value)
    where audit.resource_kind = 'list' and jsonb_typeof(cast(audit.detail as jsonb) -> 'referrals') = 'array'
    on conflict do nothing;
