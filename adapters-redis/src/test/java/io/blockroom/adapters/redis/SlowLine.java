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

/** A line to a Redis on which every answer comes late: 500 ms, give or take up to 300. */
final class SlowLine implements AutoCloseable {
  private final ServerSocket entrance;
  private final int target;
  private final Random random;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

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

  SlowLine(RedisProcess redis, long seed) {
    target = redis.port();
    random = new Random(seed);
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

  @Override
  public void close() {
    closeQuietly(entrance);
    sockets.forEach(SlowLine::closeQuietly);
  }

  private void accept() {
    try {
      while (true) {
        Socket near = entrance.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(near);
        sockets.add(far);
        Thread.startVirtualThread(() -> pass(near, far));
        DelayQueue<Late> late = new DelayQueue<>();
        Thread.startVirtualThread(() -> collect(far, late));
        Thread.startVirtualThread(() -> deliver(late, near));
      }
    } catch (IOException closed) {
      close();
    }
  }

  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException closed) {
      closeQuietly(to);
    }
  }

  /** Answers do not overtake one another. */
  private void collect(Socket from, DelayQueue<Late> late) {
    byte[] buffer = new byte[8192];
    long due = System.nanoTime();
    try {
      InputStream in = from.getInputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        long delay = TimeUnit.MILLISECONDS.toNanos(200 + random.nextInt(601));
        due = Math.max(due + 1, System.nanoTime() + delay);
        late.add(new Late(Arrays.copyOf(buffer, n), due));
      }
    } catch (IOException closed) {
      closeQuietly(from);
    }
  }

  private static void deliver(DelayQueue<Late> late, Socket to) {
    try {
      OutputStream out = to.getOutputStream();
      while (!to.isClosed()) {
        Late next = late.poll(1, TimeUnit.SECONDS);
        if (next != null) {
          out.write(next.bytes);
        }
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
