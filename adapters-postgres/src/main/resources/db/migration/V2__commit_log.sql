-- A room's history has an identity, and its tokens have bounds: all that were handed out are at most
-- token_ceiling, and commits under a token below token_floor are refused.
ALTER TABLE rooms
    ADD COLUMN epoch         text COLLATE "C" NOT NULL DEFAULT CAST(gen_random_uuid() AS text),
    ADD COLUMN token_floor   bigint           NOT NULL DEFAULT 1,
    ADD COLUMN token_ceiling bigint           NOT NULL DEFAULT 0,
    ADD COLUMN lock_policy   text             NOT NULL DEFAULT 'ADVISORY'
        CHECK (lock_policy IN ('ADVISORY', 'REQUIRED')),
    ADD COLUMN is_frozen     boolean          NOT NULL DEFAULT false,
    ADD COLUMN is_closed     boolean          NOT NULL DEFAULT false;

-- Every commit with events, 1, 2, 3 … per room. Read by ranges of the primary key, whatever a room's age.
CREATE TABLE commits (
    room_id   text COLLATE "C" NOT NULL REFERENCES rooms (room_id) ON DELETE CASCADE,
    seq       bigint           NOT NULL CHECK (seq > 0),
    -- the name under which its author may offer it again
    cid       text COLLATE "C",
    block_id  text             NOT NULL,
    client_id text             NOT NULL,
    events    text             NOT NULL,
    stored_at timestamptz      NOT NULL,
    PRIMARY KEY (room_id, seq)
);

CREATE UNIQUE INDEX commits_cid ON commits (room_id, cid) WHERE cid IS NOT NULL;

-- For compaction, which asks for the oldest.
CREATE INDEX commits_stored_at ON commits USING brin (stored_at);

-- The line that commits on a block must be ahead of; without an owner the token itself is barred.
CREATE TABLE fences (
    room_id  text COLLATE "C" NOT NULL REFERENCES rooms (room_id) ON DELETE CASCADE,
    block_id text COLLATE "C" NOT NULL,
    token    bigint           NOT NULL,
    owner    text,
    PRIMARY KEY (room_id, block_id)
)
-- Every commit updates some.
WITH (fillfactor = 70);

-- Workspaces, each form for itself. Of each hundred numbers the last is kept, and those that a
-- restored history begins with.
CREATE TABLE snapshots (
    room_id   text COLLATE "C" NOT NULL REFERENCES rooms (room_id) ON DELETE CASCADE,
    form      text             NOT NULL CHECK (form IN ('xml', 'state')),
    -- the last commit that the workspace contains
    seq       bigint           NOT NULL CHECK (seq >= 0),
    is_kept   boolean          NOT NULL DEFAULT false,
    xml       text             CHECK ((xml IS NOT NULL) = (form = 'xml')),
    -- A number may be short as it comes and long as it is kept (1e9): bounded too, so that
    -- whatever was stored can be read.
    state     jsonb            CHECK ((state IS NOT NULL) = (form = 'state'))
                               CHECK (char_length(CAST(state AS text)) <= 786432),
    stored_at timestamptz      NOT NULL,
    PRIMARY KEY (room_id, form, seq)
);

-- What was committed before there was a log is known by its last workspace only: it stands for all
-- commits up to now.
INSERT INTO snapshots (room_id, form, seq, is_kept, xml, stored_at)
SELECT rooms.room_id, 'xml', rooms.last_seq, true,
       coalesce(
           workspace_snapshots.workspace_xml,
           '<xml xmlns="https://developers.google.com/blockly/xml"></xml>'),
       coalesce(workspace_snapshots.stored_at, now())
  FROM rooms
  LEFT JOIN workspace_snapshots USING (room_id)
 WHERE rooms.last_seq > 0 OR workspace_snapshots.room_id IS NOT NULL;

DROP TABLE workspace_snapshots;

-- Keys that all servers of this database share.
CREATE TABLE secrets (
    name  text  PRIMARY KEY,
    value bytea NOT NULL
);
