package io.ramtide.scanner.windows.registry;

import io.ramtide.scanner.windows.guest.KeyGlobs;

/** What is kept of a key: where it is, and what was told of it. Some 170 bytes with its name. */
final class KnownKey {
  static final KnownKey[] NONE = {};

  final KnownKey parent;
  final int depth;

  /** As its cell has it. */
  final String name;

  /** As paths have it: no other key beside it has the same. */
  final String written;

  /** Why these two differ; null: they do not. */
  final String nameStatus;

  final KeyGlobs.Place asked;
  final KeyGlobs.Place watched;

  int cell;
  int security;

  KnownKey[] children = NONE;

  boolean isRead;

  /** Whether it is not there any more, or elsewhere and not read there yet. */
  boolean isOut;

  /** Why it could not be read whole when it was read last; null: it could. */
  String partly;

  /** Whether it was told, and whole. */
  boolean isTold;

  boolean isToldWhole;

  /** Digests of what was told. */
  long head;

  long content;

  KnownKey(
      KnownKey parent, SubkeyName name, int cell, KeyGlobs.Place asked, KeyGlobs.Place watched) {
    this.parent = parent;
    this.depth = parent == null ? 0 : parent.depth + 1;
    this.name = name.raw();
    this.written = name.written();
    this.nameStatus = name.status();
    this.cell = cell;
    this.asked = asked;
    this.watched = watched;
  }

  /** The root of a hive; its own name is not part of any path. */
  static KnownKey root(int cell, KeyGlobs.Place asked, KeyGlobs.Place watched) {
    return new KnownKey(null, new SubkeyName("", "", null), cell, asked, watched);
  }

  /** A key directly below. */
  KnownKey child(SubkeyName name, int childCell) {
    return new KnownKey(
        this, name, childCell, asked.child(name.written()), watched.child(name.written()));
  }
}
