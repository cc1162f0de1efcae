package io.blockroom.faults.harness;

import io.blockroom.faults.harness.FaultProxy.Direction;
import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/** One direction of one connection through a {@link FaultProxy}. */
final class Pipe {
  private static final int LONGEST_PIECE = 8_192;
  private static final int MOST_PIECES_UNDER_WAY = 64;

  /** Bytes under way; none at the end of the stream. */
  private static final class Piece {
    final byte[] bytes;
    final long dueNanos;

    Piece(byte[] bytes, long dueNanos) {
      this.bytes = bytes;
      this.dueNanos = dueNanos;
    }
  }

  private final FaultProxy proxy;
  private final Direction direction;
  private final Socket from;
  private final Socket to;
  private final BlockingQueue<Piece> underWay = new LinkedBlockingQueue<>(MOST_PIECES_UNDER_WAY);
  private final CountDownLatch ended = new CountDownLatch(1);

  Pipe(FaultProxy proxy, Direction direction, Socket from, Socket to) {
    this.proxy = proxy;
    this.direction = direction;
    this.from = from;
    this.to = to;
  }

  void open() {
    Thread.ofVirtual().name(proxy + "-collect").start(this::collect);
    Thread.ofVirtual().name(proxy + "-deliver").start(this::deliver);
  }

  void awaitEnd() throws InterruptedException {
    ended.await();
  }

  private void collect() {
    byte[] buffer = new byte[LONGEST_PIECE];
    try {
      for (int n = read(buffer); n > 0; n = read(buffer)) {
        underWay.put(new Piece(Arrays.copyOf(buffer, n), proxy.dueNanos()));
      }
      underWay.put(new Piece(new byte[0], proxy.dueNanos()));
    } catch (InterruptedException leaving) {
      Thread.currentThread().interrupt();
    }
  }

  /** A broken connection ends like one that is closed: nobody behind the link can tell. */
  private int read(byte[] buffer) {
    try {
      return from.getInputStream().read(buffer);
    } catch (IOException broken) {
      return -1;
    }
  }

  private void deliver() {
    try {
      long due = System.nanoTime();
      for (Piece piece = underWay.take(); piece.bytes.length > 0; piece = underWay.take()) {
        due = Math.max(due, piece.dueNanos);
        passTime(due);
        write(piece.bytes);
      }
      proxy.awaitOpen(direction);
      to.shutdownOutput();
    } catch (IOException broken) {
      FaultProxy.breakOff(from);
      FaultProxy.breakOff(to);
    } catch (InterruptedException leaving) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  private void write(byte[] bytes) throws IOException, InterruptedException {
    for (int at = 0; at < bytes.length; ) {
      proxy.awaitOpen(direction);
      int length = proxy.allow(bytes.length - at);
      if (length == 0) {
        proxy.reset();
        throw new IOException("cut");
      }
      to.getOutputStream().write(bytes, at, length);
      at += length;
    }
  }

  private static void passTime(long untilNanos) {
    for (long left = untilNanos - System.nanoTime();
        left > 0;
        left = untilNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
