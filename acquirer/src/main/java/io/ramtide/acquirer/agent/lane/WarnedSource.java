package io.ramtide.acquirer.agent.lane;

import io.ramtide.acquirer.source.ChangeHint;
import io.ramtide.acquirer.source.MachineFacts;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.acquirer.source.SourceDescription;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A source with one more warning for the manifest. */
record WarnedSource(MemorySource source, String warning) implements MemorySource {
  @Override
  public SourceDescription description() {
    SourceDescription plain = source.description();
    List<String> warnings = new ArrayList<>(plain.warnings());
    warnings.add(warning);
    return new SourceDescription(
        plain.method(),
        plain.name(),
        plain.bytes(),
        plain.modifiedAtMicros(),
        plain.consistency(),
        warnings);
  }

  @Override
  public List<MemoryRange> ram() {
    return source.ram();
  }

  @Override
  public List<MemoryRange> data() {
    return source.data();
  }

  @Override
  public List<Long> cr3s() {
    return source.cr3s();
  }

  @Override
  public List<MemoryRange> unreadable() {
    return source.unreadable();
  }

  @Override
  public Optional<MachineFacts> machine() {
    return source.machine();
  }

  @Override
  public void finish() throws IOException {
    source.finish();
  }

  @Override
  public OptionalLong pausedMicros() {
    return source.pausedMicros();
  }

  @Override
  public void read(long gpa, ByteBuffer target) throws IOException {
    source.read(gpa, target);
  }

  @Override
  public ByteBuffer view(long gpa, int length) throws IOException {
    return source.view(gpa, length);
  }

  @Override
  public boolean viewsFollow() {
    return source.viewsFollow();
  }

  @Override
  public Optional<ChangeHint> changeHint() {
    return source.changeHint();
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
