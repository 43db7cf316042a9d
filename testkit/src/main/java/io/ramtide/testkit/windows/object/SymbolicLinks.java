package io.ramtide.testkit.windows.object;

import io.ramtide.testkit.truth.SymbolicLinkTruth;
import io.ramtide.testkit.windows.KernelSpace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Symbolic links of the object manager. */
public final class SymbolicLinks {

  private final KernelSpace space;
  private final ObjectManager objects;
  private final Namespace names;
  private final List<SymbolicLinkTruth> made = new ArrayList<>();

  public SymbolicLinks(KernelSpace space, ObjectManager objects, Namespace names) {
    this.space = space;
    this.objects = objects;
    this.names = names;
  }

  public void create(String directory, String name, String target, long time) {
    KernelObject link =
        names.create("SymbolicLink", space.facts.size("_OBJECT_SYMBOLIC_LINK"), directory, name);
    byte[] text = target.getBytes(StandardCharsets.UTF_16LE);
    space
        .struct("_OBJECT_SYMBOLIC_LINK", link.va())
        .u64("CreationTime", time)
        .unicode("LinkTarget", text.length, objects.text(link, "links", text));
    made.add(
        new SymbolicLinkTruth(name, target, time, link.va(), space.kernel.translate(link.va())));
  }

  public List<SymbolicLinkTruth> truth() {
    return List.copyOf(made);
  }
}
