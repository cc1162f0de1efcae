package io.blockroom.application.service;

import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.out.BlockLocks;
import io.blockroom.application.port.out.CoordinationUnavailable;
import java.time.Duration;

/** Frees the locks of those who are there but do nothing. */
public final class IdleLocks {
  private final Attendances attendances;
  private final RoomFeeds feeds;
  private final BlockLocks locks;
  private final Duration timeout;

  /**
   * @param timeout how long somebody may do nothing and keep their locks
   */
  public IdleLocks(Attendances attendances, RoomFeeds feeds, BlockLocks locks, Duration timeout) {
    this.attendances = attendances;
    this.feeds = feeds;
    this.locks = locks;
    this.timeout = timeout;
  }

  /** Ends what is due. To be called about twice a second, by one thread. */
  public void tend() {
    try {
      for (Seat seat : attendances.idleFor(timeout)) {
        // Asked anew: the ones before took their time.
        if (attendances.isIdle(seat, timeout) && feeds.holdsLocks(seat)) {
          locks.endIdle(seat.room(), seat.clientId());
        }
      }
    } catch (CoordinationUnavailable away) {
      return; // next time
    }
  }
}
