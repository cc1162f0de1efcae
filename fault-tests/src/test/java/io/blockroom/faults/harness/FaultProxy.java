package io.blockroom.faults.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A TCP link to a server on this machine that can be hurt. What is held back on the way is neither
 * lost nor reordered: it arrives when the link is healed, as on a network that sends again.
 */
public final class FaultProxy implements AutoCloseable {
  /** Which way bytes go. */
  public enum Direction {
    TO_SERVER,
    TO_CLIENT
  }

  private static final int BACKLOG = 1_000;
  private static final int CONNECT_LIMIT_MILLIS = 5_000;

  private final String name;
  private final int target;
  private final ServerSocket entrance;
  private final Random random;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock
  private final Set<Direction> clogged = EnumSet.noneOf(Direction.class);
  private Duration latency = Duration.ZERO;
  private Duration jitter = Duration.ZERO;
  private int slice = Integer.MAX_VALUE;
  private long bytesLeft = Long.MAX_VALUE;

  /**
   * @param name what it leads to, for reports
   * @param seed of the jitter
   */
  public FaultProxy(String name, int target, long seed) {
    this.name = name;
    this.target = target;
    random = new Random(seed);
    try {
      entrance = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    Thread.ofVirtual().name(name + "-entrance").start(this::accept);
  }

  /** Where clients connect to. */
  public int port() {
    return entrance.getLocalPort();
  }

  /** Every byte comes later, by so much, give or take. */
  public void latency(Duration mean, Duration giveOrTake) {
    change(() -> {
      latency = mean;
      jitter = giveOrTake;
    });
  }

  /** Nothing passes, and nobody is told; new connections are taken and left waiting. */
  public void blackhole() {
    change(() -> clogged.addAll(EnumSet.allOf(Direction.class)));
  }

  /** Bytes pass in this direction only. */
  public void oneWay(Direction open) {
    change(() -> {
      clogged.addAll(EnumSet.allOf(Direction.class));
      clogged.remove(open);
    });
  }

  /** Breaks all connections that there are, so that both ends notice. New ones pass. */
  public void reset() {
    sockets.forEach(FaultProxy::breakOff);
    sockets.clear();
  }

  /** Bytes arrive in pieces of at most this many. */
  public void slice(int bytes) {
    change(() -> slice = bytes);
  }

  /** After so many more bytes, both directions together, all connections break, once. */
  public void cutAfter(long bytes) {
    change(() -> bytesLeft = bytes);
  }

  /** The link is sound again; what was held back arrives. */
  public void heal() {
    change(() -> {
      clogged.clear();
      latency = Duration.ZERO;
      jitter = Duration.ZERO;
      slice = Integer.MAX_VALUE;
      bytesLeft = Long.MAX_VALUE;
    });
  }

  @Override
  public void close() {
    try {
      entrance.close();
    } catch (IOException closedAlready) {
      // it is what is wanted
    }
    reset();
    heal();
  }

  @Override
  public String toString() {
    return name;
  }

  /** When what is read now is due at the other end. */
  long dueNanos() {
    lock.lock();
    try {
      long spread = jitter.toNanos();
      long late = latency.toNanos() + (spread == 0 ? 0 : random.nextLong(-spread, spread + 1));
      return System.nanoTime() + Math.max(0, late);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until this direction is open. */
  void awaitOpen(Direction direction) throws InterruptedException {
    lock.lock();
    try {
      while (clogged.contains(direction)) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many of these bytes may be written at once now; 0 if the link is cut before them. */
  int allow(int bytes) {
    lock.lock();
    try {
      int allowed = (int) Math.min(Math.min(bytes, slice), bytesLeft);
      bytesLeft = bytesLeft == Long.MAX_VALUE ? bytesLeft : bytesLeft - allowed;
      if (allowed == 0) {
        bytesLeft = Long.MAX_VALUE;
      }
      return allowed;
    } finally {
      lock.unlock();
    }
  }

  private void change(Runnable how) {
    lock.lock();
    try {
      how.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void accept() {
    while (!entrance.isClosed()) {
      try {
        Socket client = entrance.accept();
        sockets.add(client);
        Thread.ofVirtual().name(name + "-link").start(() -> link(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void link(Socket client) {
    Socket server = new Socket();
    sockets.add(server);
    try {
      awaitOpen(Direction.TO_SERVER);
      server.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), target), CONNECT_LIMIT_MILLIS);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      Pipe out = new Pipe(this, Direction.TO_SERVER, client, server);
      Pipe back = new Pipe(this, Direction.TO_CLIENT, server, client);
      out.open();
      back.open();
      out.awaitEnd();
      back.awaitEnd();
    } catch (IOException refused) {
      breakOff(client);
    } catch (InterruptedException leaving) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(client);
      sockets.remove(server);
    }
  }

  /** Closes with a reset, so that the other end cannot take it for a goodbye. */
  static void breakOff(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException closedAlready) {
      // it is what is wanted
    }
  }
}
