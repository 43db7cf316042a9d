/** The data folder: keys, caches, state and the embedded broker's log. */
package io.ramtide.cli.data;
