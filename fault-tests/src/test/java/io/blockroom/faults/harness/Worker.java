package io.blockroom.faults.harness;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Somebody who locks, edits and lets go until told to stop, and comes back when thrown out. */
public final class Worker implements Runnable {
  private static final int BLOCKS = 4;
  private static final Duration BREATH = Duration.ofMillis(100);

  private final ThreeNodes.Node node;
  private final Recorder recorder;
  private final String room;
  private final Random random;
  private Client client;
  private volatile boolean isStopped;
  private int commits;

  public Worker(ThreeNodes.Node node, Recorder recorder, String room, Random random) {
    this.node = node;
    this.recorder = recorder;
    this.room = room;
    this.random = random;
    client = node.knock(recorder, room);
  }

  @Override
  public void run() {
    while (!isStopped) {
      if (client.isIn() && client.isConnected()) {
        edit("b" + random.nextInt(BLOCKS));
      } else {
        Meanwhile.passes(BREATH);
        client.leave();
        client = node.knock(recorder, room);
      }
      Meanwhile.passes(Duration.ofMillis(random.nextInt(50)));
    }
  }

  private void edit(String block) {
    if (random.nextInt(4) == 0) {
      commit(block);
    } else if (is(client.lock(List.of(block)).join(), "LOCK_GRANTED")) {
      if (random.nextBoolean()) {
        commit(block);
      } else {
        client.release(block).join();
      }
    }
  }

  private void commit(String block) {
    client.commit(block, client.name() + "-" + ++commits).join();
  }

  private static boolean is(JsonObject answer, String type) {
    return answer.getString("t").equals(type);
  }

  /** Finishes what it is at and does nothing more. */
  public void stop() {
    isStopped = true;
  }

  public void leave() {
    client.leave();
  }

  public boolean isConnected() {
    return client.isConnected();
  }

  /** Whether it knows a commit, one by one or from a state that it was shown. */
  public boolean hasHeard(long seq) {
    return client.heard().stream()
        .filter(each -> List.of("COMMIT_APPLY", "SYNC", "INIT_STATE").contains(each.type()))
        .anyMatch(each -> each.payload().getInt("seq", 0) >= seq);
  }
}
