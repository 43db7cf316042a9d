package io.ramtide.correlator.registry;

import io.ramtide.correlator.state.Moment;
import io.ramtide.correlator.state.ValueState;

/**
 * A value of a key is new, is another one, or is gone.
 *
 * @param before null: it is new
 * @param after null: it is gone
 * @param since when it was as before
 */
record ValueChange(String name, ValueState before, ValueState after, Moment since) {}
