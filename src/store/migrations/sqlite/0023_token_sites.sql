-- The sites that a token reaches, a JSON list of their short names; null: every site, as before.
alter table api_token add column sites text;
