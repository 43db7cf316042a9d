/** A guest that runs, captured continuously: how soon its changes are told, and what that costs. */
package io.ramtide.bench.live;
