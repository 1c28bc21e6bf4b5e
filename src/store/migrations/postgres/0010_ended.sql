-- What has ended, newest first, in an index of its own: with the one by status, PostgreSQL's plan for a page of all four read far more.
create index referral_ended on referral (id) where status in ('rejected', 'declined', 'cancelled', 'closed');
