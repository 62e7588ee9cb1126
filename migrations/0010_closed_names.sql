-- 0010_closed_names: closed rooms may share names, so that nobody learns from a name that is taken that there is one.

-- Of all other rooms, archived or not, no two may look alike: listed ones, and direct conversations, which are named by
-- their people.
DROP INDEX rooms_name;
CREATE UNIQUE INDEX rooms_name ON rooms (name_fold) WHERE kind <> 'closed';
