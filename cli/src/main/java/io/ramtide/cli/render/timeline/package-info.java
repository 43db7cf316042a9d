/** Timelines for people and as JSON Lines. */
package io.ramtide.cli.render.timeline;
