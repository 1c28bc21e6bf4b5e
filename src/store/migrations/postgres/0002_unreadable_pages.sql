-- Why a page could not be read; null for one that was. Its picture is then an empty sheet.
alter table page add column unreadable text;
