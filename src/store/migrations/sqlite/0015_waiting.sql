-- What waits for a reviewer, the most urgent first, then what is due first; with all that its counts look at.
create index referral_waiting on referral (
    (case when status in ('in_review', 'ready') then 1 end),
    (case urgency when 'stat' then 0 when 'urgent' then 1 else 2 end),
    coalesce(deadline_at, '9999-12-31T00:00:00+00:00'), id, owner, created_at)
    where (case when status in ('in_review', 'ready') then 1 end) = 1;

-- The oldest work that is not done, for the list of what stands still: to sort a million jobs took half a second.
create index job_open_by_age on job (created_at, id) where quarantined_at is null;
