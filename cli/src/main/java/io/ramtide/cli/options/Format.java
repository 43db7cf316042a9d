package io.ramtide.cli.options;

/** How results are printed: for people, or as JSON Lines. */
public enum Format {
  table,
  json
}
