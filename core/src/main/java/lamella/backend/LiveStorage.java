package lamella.backend;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The storages of a backend that are in use; for backends. One that its owner dropped without a
/// release leaves the list when the garbage collector finds it, so that the count of bytes in use
/// stays true.
public final class LiveStorage {
    private static final Runnable NOTHING = () -> {};

    private final ReferenceQueue<Storage> unreachable = new ReferenceQueue<>();
    private final Entry head = new Entry(this, null, null, 0, "", NOTHING);

    private long bytes;
    private long peak;

    /// Makes an empty list.
    public LiveStorage() {
        head.previous = head;
        head.next = head;
    }

    /// Enters a storage.
    ///
    /// @param site where it was allocated; empty where nobody asks
    public Entry add(Storage storage, long bytes, String site) {
        return add(storage, bytes, site, NOTHING);
    }

    /// Enters a storage.
    ///
    /// @param site where it was allocated; empty where nobody asks
    /// @param dropped runs some time after the garbage collector found that nothing refers to the
    ///     storage, which was not released; must not refer to it
    public Entry add(Storage storage, long bytes, String site, Runnable dropped) {
        expunge();
        var entry = new Entry(this, storage, unreachable, bytes, site, dropped);
        synchronized (this) {
            entry.previous = head;
            entry.next = head.next;
            head.next.previous = entry;
            head.next = entry;
            this.bytes += bytes;
            peak = Math.max(peak, this.bytes);
        }
        return entry;
    }

    private void expunge() {
        while (unreachable.poll() instanceof Entry entry) {
            entry.remove();
            entry.dropped.run();
        }
    }

    /// Returns the bytes of the storages in use.
    public long bytes() {
        expunge();
        synchronized (this) {
            return bytes;
        }
    }

    /// Returns the highest value that [#bytes()] had.
    public synchronized long peak() {
        return peak;
    }

    private record Site(String name, int storages, long bytes) {
        Site plus(long more) {
            return new Site(name, storages + 1, bytes + more);
        }

        String line() {
            return bytes + " bytes in " + storages + " arrays at " + name;
        }
    }

    /// Returns a line for each site that has storages in use, the largest first.
    public List<String> sites() {
        expunge();
        Map<String, Site> sites = new HashMap<>();
        synchronized (this) {
            for (Entry e = head.next; e != head; e = e.next) {
                if (!e.site.isEmpty()) {
                    Site site = sites.getOrDefault(e.site, new Site(e.site, 0, 0));
                    sites.put(e.site, site.plus(e.bytes));
                }
            }
        }
        return sites.values().stream()
                .sorted(Comparator.comparingLong(Site::bytes).reversed().thenComparing(Site::name))
                .map(Site::line)
                .toList();
    }

    /// The place of one storage in the list. It does not keep the storage alive.
    public static final class Entry extends PhantomReference<Storage> {
        private final LiveStorage owner;
        private final long bytes;
        private final String site;
        private final Runnable dropped;
        private Entry previous;
        private Entry next;

        private Entry(
                LiveStorage owner,
                Storage storage,
                ReferenceQueue<Storage> queue,
                long bytes,
                String site,
                Runnable dropped) {
            super(storage, queue);
            this.owner = owner;
            this.bytes = bytes;
            this.site = site;
            this.dropped = dropped;
        }

        /// Leaves the list, as the storage is released; a second time does nothing.
        public void remove() {
            clear();
            synchronized (owner) {
                if (next != null) {
                    previous.next = next;
                    next.previous = previous;
                    previous = null;
                    next = null;
                    owner.bytes -= bytes;
                }
            }
        }
    }
}
