package io.posthorn.storage;

import static io.posthorn.storage.Route.NOWHERE;
import static io.posthorn.storage.Route.PRIMARY;
import static io.posthorn.storage.Route.SPARE;

import java.time.Instant;

/**
 * Where a {@link FallbackEngine} stands. {@link OnPrimary} is the normal one; from {@link OnSpare} the way back leads
 * over {@link CopyingDirectory}, {@link Draining} and {@link Moving}. When the primary goes away again, the first two
 * lead back to {@link OnSpare}, and the last to {@link HalfMoved}, since a part of the spare is in the primary by then.
 */
sealed interface Phase {
    /** Where calls go meanwhile. */
    Routes routes();

    /** Before the stores are open, and after they are closed. */
    record Shut() implements Phase {
        @Override
        public Routes routes() {
            return new Routes(NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE);
        }
    }

    /** The primary has everything; the spare has a copy of the directory. */
    record OnPrimary() implements Phase {
        @Override
        public Routes routes() {
            return new Routes(PRIMARY, PRIMARY, PRIMARY, PRIMARY, PRIMARY, PRIMARY);
        }
    }

    /** The primary cannot be used; the spare takes its place. */
    record OnSpare(Instant since, String reason) implements Phase {
        @Override
        public Routes routes() {
            return new Routes(SPARE, SPARE, SPARE, SPARE, SPARE, NOWHERE);
        }
    }

    /**
     * The primary cannot be used, and has a part of what the spare has already: the spare takes events, but hands out
     * none, since it cannot tell which of them the primary has.
     */
    record HalfMoved(Instant since, String reason) implements Phase {
        @Override
        public Routes routes() {
            return new Routes(SPARE, NOWHERE, SPARE, SPARE, NOWHERE, NOWHERE);
        }
    }

    /** The primary is back: applications, endpoints and event types of the spare go there first. Takes moments. */
    record CopyingDirectory(boolean half) implements Phase {
        @Override
        public Routes routes() {
            return new Routes(SPARE, NOWHERE, NOWHERE, SPARE, half ? NOWHERE : SPARE, PRIMARY);
        }
    }

    /** The primary works again; the spare waits for the results of what was claimed from it. */
    record Draining(boolean half) implements Phase {
        @Override
        public Routes routes() {
            return new Routes(PRIMARY, PRIMARY, PRIMARY, PRIMARY, half ? NOWHERE : SPARE, PRIMARY);
        }
    }

    /** Nothing changes the spare any more, and what it holds goes into the primary. */
    record Moving() implements Phase {
        @Override
        public Routes routes() {
            return new Routes(PRIMARY, PRIMARY, PRIMARY, PRIMARY, NOWHERE, PRIMARY);
        }
    }
}
