package io.blockroom.adapters.redis;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.lock.Waiter;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.presence.Cursor;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.presence.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is kept in Redis as one text of several lines: no part of it can hold a line's end, block
 * ids included.
 */
final class Texts {
  private static final String LINE_END = "\n";

  private Texts() {}

  /** Ticket, client id, asked block, then all blocks. */
  static String of(Waiter waiter) {
    List<String> lines = new ArrayList<>();
    lines.add(waiter.ticket().value());
    lines.add(waiter.client().value());
    lines.add(waiter.request().asked().value());
    waiter.request().blocks().forEach(block -> lines.add(block.value()));
    return String.join(LINE_END, lines);
  }

  static Waiter waiter(String text) {
    List<String> lines = lines(text);
    return new Waiter(
        new Ticket(lines.get(0)),
        new ClientId(lines.get(1)),
        new LockRequest(
            new BlockId(lines.get(2)),
            new LinkedHashSet<>(blocks(lines.subList(3, lines.size())))));
  }

  /** Status, place (empty if unknown: else its two numbers, a blank between), then selection. */
  static String of(Presence presence) {
    List<String> lines = new ArrayList<>();
    lines.add(presence.status().name());
    lines.add(presence.cursor().map(cursor -> cursor.x() + " " + cursor.y()).orElse(""));
    presence.selection().forEach(block -> lines.add(block.value()));
    return String.join(LINE_END, lines);
  }

  static Presence presence(String text) {
    List<String> lines = lines(text);
    return new Presence(
        Status.valueOf(lines.get(0)),
        blocks(lines.subList(2, lines.size())),
        Optional.of(lines.get(1)).filter(place -> !place.isEmpty()).map(Texts::cursor));
  }

  private static Cursor cursor(String place) {
    int blank = place.indexOf(' ');
    return new Cursor(
        Double.parseDouble(place.substring(0, blank)),
        Double.parseDouble(place.substring(blank + 1)));
  }

  private static List<BlockId> blocks(List<String> lines) {
    return lines.stream().map(BlockId::new).collect(Collectors.toList());
  }

  private static List<String> lines(String text) {
    return Arrays.asList(text.split(LINE_END, -1));
  }
}
