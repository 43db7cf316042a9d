package io.ramtide.cli.log;

/** How messages are written on standard error: for people, or as JSON Lines. */
public enum LogFormat {
  text,
  json
}
