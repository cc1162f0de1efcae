-- Ids compare byte by byte (COLLATE "C"): no locale, and no update of one, can change an index.
CREATE TABLE rooms (
    room_id    text COLLATE "C" PRIMARY KEY CHECK (char_length(room_id) BETWEEN 1 AND 64),
    title      text             NOT NULL CHECK (char_length(title) <= 200),
    max_users  integer          NOT NULL CHECK (max_users BETWEEN 1 AND 1000),
    created_at timestamptz      NOT NULL,
    -- the number of the newest commit; the lock on this row puts the commits of a room in order
    last_seq   bigint           NOT NULL DEFAULT 0 CHECK (last_seq >= 0)
)
-- Every commit updates a row: room on its page keeps the new version beside the old one.
WITH (fillfactor = 70);

-- The newest state of each room that has one.
CREATE TABLE workspace_snapshots (
    room_id       text COLLATE "C" PRIMARY KEY REFERENCES rooms (room_id) ON DELETE CASCADE,
    -- the last commit that the state contains
    seq           bigint           NOT NULL CHECK (seq >= 0),
    workspace_xml text             NOT NULL CHECK (workspace_xml <> ''),
    stored_at     timestamptz      NOT NULL
);
