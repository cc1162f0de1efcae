package io.blockroom.adapters.websocket.connection;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Frames on their way to one peer, from any number of threads to one writer. Nobody ever waits to
 * put one in: a peer that reads too slowly is told apart by its backlog, not felt by the room.
 */
final class Outbox {

  /** How many bytes the writer takes for one write to the socket. */
  static final int WRITE_SIZE = 1 << 16;

  /** Unsent bytes and messages from which on hints are left out. */
  static final int HINT_BYTES = 1 << 16;

  static final int HINT_MESSAGES = 32;

  private static final long NOT_SET = Long.MIN_VALUE;

  private final ConnectionSettings.Outbound limits;
  private final Queue<OutboundFrame> queue = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger messages = new AtomicInteger();
  private final AtomicBoolean writerWaits = new AtomicBoolean();

  private volatile boolean closing;
  private volatile @Nullable Thread writer;
  private volatile long backlogSince = NOT_SET;
  private volatile long writeSince = NOT_SET;

  private final ArrayDeque<OutboundFrame> batch = new ArrayDeque<>();
  private long batchBytes;
  private int batchMessages;

  Outbox(ConnectionSettings.Outbound limits) {
    this.limits = limits;
  }

  /**
   * Queues a frame and wakes the writer. False if more bytes are unsent now than the limit allows.
   */
  boolean offer(OutboundFrame frame) {
    boolean within = true;
    if (frame.isCounted()) {
      messages.incrementAndGet();
      within = bytes.addAndGet(frame.size()) <= limits.maxBytes();
    }
    queue.add(frame);
    wakeWriter();
    return within;
  }

  /** Whether so much is unsent that what need not be said should not be. */
  boolean isBehind() {
    return messages.get() >= HINT_MESSAGES || bytes.get() >= HINT_BYTES;
  }

  /** Lets the writer go once it has taken what is queued. */
  void close() {
    closing = true;
    wakeWriter();
  }

  /** Throws away what is queued. */
  void discard() {
    queue.clear();
  }

  long bytes() {
    return bytes.get();
  }

  /**
   * Whether the peer has kept us waiting beyond a limit of time. Called by one thread at a time.
   */
  boolean isStalled(long nowNanos) {
    long write = writeSince;
    if (write != NOT_SET && nowNanos - write >= limits.maxWriteTime().toNanos()) {
      return true;
    }
    long backlog = backlogSince;
    if (messages.get() <= limits.maxMessages()) {
      if (backlog != NOT_SET) {
        backlogSince = NOT_SET;
      }
      return false;
    }
    if (backlog == NOT_SET) {
      backlogSince = nowNanos;
      return false;
    }
    return nowNanos - backlog >= limits.maxBacklogTime().toNanos();
  }

  /**
   * The bytes of the next frames, as many as fit into one write; waits for some. Null when the
   * outbox is closed and empty. For the writer only.
   */
  byte @Nullable [] take() {
    writer = Thread.currentThread();
    OutboundFrame first = queue.poll();
    while (first == null) {
      if (closing && queue.isEmpty()) {
        return null;
      }
      writerWaits.set(true);
      if (queue.isEmpty() && !closing) {
        LockSupport.park(this);
      }
      writerWaits.set(false);
      first = queue.poll();
    }
    return gather(first);
  }

  /** What was taken is now with the socket. For the writer only. */
  void written() {
    bytes.addAndGet(-batchBytes);
    if (messages.addAndGet(-batchMessages) <= limits.maxMessages()) {
      backlogSince = NOT_SET;
    }
  }

  void writeBegins(long nowNanos) {
    writeSince = nowNanos;
  }

  void writeEnds() {
    writeSince = NOT_SET;
  }

  private void wakeWriter() {
    if (writerWaits.get() && writerWaits.compareAndSet(true, false)) {
      LockSupport.unpark(writer);
    }
  }

  /** One frame goes as it is; several small ones are joined, since each write is a system call. */
  private byte[] gather(OutboundFrame first) {
    batchBytes = 0;
    batchMessages = 0;
    int size = count(first);
    OutboundFrame next = queue.peek();
    if (next == null || size + next.size() > WRITE_SIZE) {
      return first.wire();
    }
    batch.add(first);
    while (next != null && size + next.size() <= WRITE_SIZE) {
      OutboundFrame taken = queue.poll();
      if (taken == null) {
        break;
      }
      size += count(taken);
      batch.add(taken);
      next = queue.peek();
    }
    return join(size);
  }

  private int count(OutboundFrame frame) {
    int length = frame.size();
    if (frame.isCounted()) {
      batchBytes += length;
      batchMessages++;
    }
    return length;
  }

  private byte[] join(int size) {
    byte[] joined = new byte[size];
    int at = 0;
    for (OutboundFrame frame = batch.poll(); frame != null; frame = batch.poll()) {
      System.arraycopy(frame.wire(), 0, joined, at, frame.size());
      at += frame.size();
    }
    return joined;
  }
}
