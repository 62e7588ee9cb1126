-- 0003_lineage: which numbering the rooms' events (seq) belong to, and which start of the server opened it last.

-- epoch: clients keep it with the numbers they have seen. It changes when the database turns out not to be the
-- continuation of what the last start left behind, such as a restored backup; numbers of before then mean nothing.
-- run: random, made anew at each start, and kept beside the database too (data_dir/hubbub.mark). NULL: none yet.
CREATE TABLE lineage (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    epoch TEXT NOT NULL,
    run   BLOB CHECK (length(run) = 16)
) STRICT;

INSERT INTO lineage (id, epoch, run) VALUES (1, lower(hex(randomblob(8))), NULL);
