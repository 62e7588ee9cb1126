-- 0009_ways_in: invitations have labels, and of tokens that were revoked it is known that they were.

-- What it is for, to whoever looks after invitations. '': nothing was said.
ALTER TABLE invites ADD COLUMN label TEXT NOT NULL DEFAULT '';

-- Access tokens that were revoked within the last 90 days.
CREATE TABLE revoked_tokens (
    token_hash BLOB    PRIMARY KEY CHECK (length(token_hash) = 32),
    revoked_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX revoked_tokens_at ON revoked_tokens (revoked_at);
