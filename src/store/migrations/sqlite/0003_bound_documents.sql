-- The document's pages as a searchable PDF; null until they are bound, and for documents from before.
alter table document add column bound_object text references object (id);
