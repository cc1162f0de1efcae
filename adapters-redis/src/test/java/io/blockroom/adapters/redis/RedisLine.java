package io.blockroom.adapters.redis;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/** A line to a Redis that can become slow, and silent. */
final class RedisLine implements AutoCloseable {
  private static final byte[] END = {};

  private final ServerSocket entrance;
  private final int target;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final AtomicReference<LongSupplier> delays = new AtomicReference<>(() -> 0);
  private boolean isSilent;

  /** Some bytes of an answer, and when they are due. */
  private static final class Late implements Delayed {
    final byte[] bytes;
    final long dueNanos;

    Late(byte[] bytes, long dueNanos) {
      this.bytes = bytes;
      this.dueNanos = dueNanos;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(dueNanos, ((Late) other).dueNanos);
    }
  }

  RedisLine(RedisProcess redis) {
    target = redis.port();
    try {
      entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(this::accept);
  }

  String address() {
    return "redis://127.0.0.1:" + entrance.getLocalPort();
  }

  /** From now on every answer comes late: 500 ms, give or take up to 300. */
  RedisLine slowDown(long seed) {
    Random random = new Random(seed);
    delays.set(() -> 200 + random.nextInt(601));
    return this;
  }

  /** Nothing passes any more, and no connection breaks. */
  synchronized void fallSilent() {
    isSilent = true;
  }

  /** All that was held up passes, and whatever comes. */
  synchronized void speakAgain() {
    isSilent = false;
    notifyAll();
  }

  private synchronized void awaitSpeech() throws InterruptedException {
    while (isSilent) {
      wait();
    }
  }

  @Override
  public void close() {
    speakAgain();
    closeQuietly(entrance);
    sockets.forEach(RedisLine::closeQuietly);
  }

  private void accept() {
    try {
      while (true) {
        Socket near = entrance.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(near);
        sockets.add(far);
        pass(near, far, () -> 0);
        pass(far, near, () -> delays.get().getAsLong());
      }
    } catch (IOException closed) {
      close();
    }
  }

  private void pass(Socket from, Socket to, LongSupplier delays) {
    DelayQueue<Late> late = new DelayQueue<>();
    Thread.startVirtualThread(() -> collect(from, late, delays));
    Thread.startVirtualThread(() -> deliver(late, to));
  }

  /** Bytes do not overtake one another. */
  private static void collect(Socket from, DelayQueue<Late> late, LongSupplier delays) {
    byte[] buffer = new byte[8192];
    long due = System.nanoTime();
    try (from) {
      InputStream in = from.getInputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        long delay = TimeUnit.MILLISECONDS.toNanos(delays.getAsLong());
        due = Math.max(due + 1, System.nanoTime() + delay);
        late.add(new Late(Arrays.copyOf(buffer, n), due));
      }
      late.add(new Late(END, due + 1));
    } catch (IOException closed) {
      late.add(new Late(END, due + 1));
    }
  }

  // Identity is meant: an end is no bytes.
  @SuppressWarnings("ReferenceEquality")
  private void deliver(DelayQueue<Late> late, Socket to) {
    try (to) {
      OutputStream out = to.getOutputStream();
      for (Late next = late.take(); next.bytes != END; next = late.take()) {
        awaitSpeech();
        out.write(next.bytes);
      }
    } catch (IOException closed) {
      closeQuietly(to);
    } catch (InterruptedException leaving) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeQuietly(Closeable open) {
    try {
      open.close();
    } catch (IOException closedAlready) {
      return;
    }
  }
}
