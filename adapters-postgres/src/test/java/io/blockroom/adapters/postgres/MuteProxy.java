package io.blockroom.adapters.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A way to a server that can go dead without anybody being told: connections stay open and are
 * still accepted, but no byte passes, in either direction, and none is read.
 */
final class MuteProxy implements AutoCloseable {
  private final ServerSocket entrance;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean mute;

  MuteProxy(int target) {
    this.target = target;
    try {
      entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    Thread.ofVirtual().name("proxy").start(this::accept);
  }

  int port() {
    return entrance.getLocalPort();
  }

  void mute() {
    set(true);
  }

  void unmute() {
    set(false);
  }

  @Override
  public void close() {
    unmute();
    closeQuietly(entrance);
    sockets.forEach(MuteProxy::closeQuietly);
  }

  private void set(boolean value) {
    lock.lock();
    try {
      mute = value;
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
        Thread.ofVirtual().name("proxy-connect").start(() -> connect(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void connect(Socket client) {
    try {
      awaitSound();
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(server);
      Thread.ofVirtual().name("proxy-out").start(() -> pump(client, server));
      pump(server, client);
    } catch (IOException | InterruptedException refused) {
      closeQuietly(client);
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[8192];
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        awaitSound();
        out.write(buffer, 0, n);
      }
    } catch (IOException | InterruptedException closed) {
      sockets.remove(from);
    }
  }

  private void awaitSound() throws InterruptedException {
    lock.lock();
    try {
      while (mute) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private static void closeQuietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception alreadyGone) {
      // nothing left to close
    }
  }
}
