-- The events, divided by CUIL into sixteen tables. In one transaction, with the portal stopped: it copies every row.
-- What a primary key or a unique constraint of such a table must hold is the CUIL: of the events' own, only that of the
-- row number has to change. The portal's code needs no change; its role's rights are to be granted again
-- (grant_database_role). docs/scaling.md says when this is worth it.

BEGIN;

CREATE TEMPORARY TABLE wanted ON COMMIT DROP AS
SELECT indexdef AS made_by FROM pg_indexes
WHERE tablename = 'accounts_claveevent' AND indexname NOT IN ('accounts_claveevent_pkey', 'event_has_its_place');

ALTER TABLE accounts_claveevent RENAME TO accounts_claveevent_whole;

CREATE TABLE accounts_claveevent (
    LIKE accounts_claveevent_whole INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING CONSTRAINTS INCLUDING STORAGE
) PARTITION BY HASH (cuil);

DO $$ BEGIN
    FOR part IN 0..15 LOOP
        EXECUTE format(
            'CREATE TABLE accounts_claveevent_%s PARTITION OF accounts_claveevent FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
            part, part
        );
    END LOOP;
END $$;

INSERT INTO accounts_claveevent OVERRIDING SYSTEM VALUE SELECT * FROM accounts_claveevent_whole;
SELECT setval(pg_get_serial_sequence('accounts_claveevent', 'id'), max(id)) FROM accounts_claveevent_whole;
DROP TABLE accounts_claveevent_whole;

ALTER TABLE accounts_claveevent ADD PRIMARY KEY (id, cuil);
ALTER TABLE accounts_claveevent ADD CONSTRAINT event_has_its_place UNIQUE (cuil, seq);
DO $$ DECLARE index record; BEGIN
    FOR index IN SELECT made_by FROM wanted LOOP
        EXECUTE index.made_by;
    END LOOP;
END $$;

-- Triggers for each row are handed down to the parts; the one against TRUNCATE is not.
CREATE TRIGGER event_is_final BEFORE UPDATE OR DELETE ON accounts_claveevent
FOR EACH ROW EXECUTE FUNCTION accounts_event_is_final();
CREATE TRIGGER event_table_is_final BEFORE TRUNCATE ON accounts_claveevent
FOR EACH STATEMENT EXECUTE FUNCTION accounts_event_is_final();
DO $$ BEGIN
    FOR part IN 0..15 LOOP
        EXECUTE format(
            'CREATE TRIGGER event_table_is_final BEFORE TRUNCATE ON accounts_claveevent_%s'
            ' FOR EACH STATEMENT EXECUTE FUNCTION accounts_event_is_final()', part
        );
    END LOOP;
END $$;

COMMIT;
