package io.ramtide.acquirer;

import io.ramtide.acquirer.pages.FrameSpan;
import io.ramtide.acquirer.pages.RamStates;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.schemas.SessionId;

/**
 * How complete one capture is.
 *
 * @param states of the capture before, or fresh ones for a keyframe
 * @param keyframe number of the keyframe that the capture is, or the last one before it
 * @param refresh frames to tell although they may not have changed
 * @param completeFrom the captures from this one on give all of RAM
 */
record KeyframePlan(RamStates states, long keyframe, FrameSpan refresh, long completeFrom) {
  /**
   * What this process knows of a domain's last capture.
   *
   * @param token of the source's change hint, 0 for none
   */
  record Known(SessionId session, long keyframe, RamStates states, long token) {}

  /**
   * Plans a capture.
   *
   * @param before null if this process did not make the capture before
   */
  static KeyframePlan of(
      KeyframePolicy policy, long number, Known before, MemorySource source, CaptureOrder order) {
    if (before == null
        || order.keyframe()
        || !before.states.ram().equals(source.ram())
        || (policy instanceof KeyframePolicy.Every every
            && number - before.keyframe >= every.captures())) {
      return new KeyframePlan(fresh(policy, source), number, FrameSpan.NONE, number);
    }
    if (policy instanceof KeyframePolicy.Rolling rolling) {
      return rolling(rolling.captures(), number, before);
    }
    return new KeyframePlan(before.states, before.keyframe, FrameSpan.NONE, before.keyframe);
  }

  /** The shares of the captures after a keyframe follow one another, over and over. */
  private static KeyframePlan rolling(int captures, long number, Known before) {
    long since = number - before.keyframe;
    long share = (since - 1) % captures;
    long frames = before.states.frames();
    FrameSpan refresh = new FrameSpan(frames * share / captures, frames * (share + 1) / captures);
    long completeFrom = since < captures ? before.keyframe : number - captures + 1;
    return new KeyframePlan(before.states, before.keyframe, refresh, completeFrom);
  }

  private static RamStates fresh(KeyframePolicy policy, MemorySource source) {
    boolean always = policy instanceof KeyframePolicy.Every every && every.captures() == 1;
    return always ? RamStates.forgetful(source.ram()) : new RamStates(source.ram());
  }
}
