package io.ramtide.testkit.lab;

import java.io.Closeable;
import java.io.IOException;
import java.util.UUID;

/**
 * A running QEMU guest with one processor, a read-only disk and a balloon. Its program (see {@link
 * GuestProgram}) writes into a few pages of RAM a thousand times a second, and sleeps in between.
 */
public final class LabGuest implements Closeable {

  private LabGuest() {}

  public String name() {
    throw new UnsupportedOperationException();
  }

  public UUID uuid() {
    throw new UnsupportedOperationException();
  }

  /** QEMU's process id now. */
  public long pid() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** What its RAM holds, DIMMs that were plugged included. Not valid any more once it ended. */
  public LabRam ram() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** The program stops writing; when this returns it has. The processor runs on. */
  public void hold() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** The program goes on writing. */
  public void run() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** The program writes as fast as it can, without sleeping. */
  public void hurry() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** How often the program has written since it was booted. */
  public long counter() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** The page table root that the processor says it has. It uses none. */
  public void cr3(long gpa) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Plugs a DIMM; needs {@link Builder#hotplugSlots}. The program does not touch it. */
  public void plugDimm(int mib) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Resets the machine, in the same QEMU process, and waits until its program writes again. */
  public void reboot() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Runs a command of QEMU's monitor (JSON) and gives its answer. */
  public String qmp(String json) throws IOException {
    throw new UnsupportedOperationException(json);
  }

  /** Ends it at once. */
  public void destroy() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Ends it if it still runs. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }

  /** How a guest is built. By default: pc, 64 MiB in one memfd, no slots. */
  public static final class Builder {
    private final Lab lab;
    private final String name;

    Builder(Lab lab, String name) {
      this.lab = lab;
      this.name = name;
    }

    /** pc or q35. */
    public Builder machine(String type) {
      return this;
    }

    /** RAM; a guest whose program alone runs needs next to none of it. */
    public Builder memoryMib(int mib) {
      return this;
    }

    public Builder backing(Backing type) {
      return this;
    }

    /** RAM in so many equal NUMA nodes; 0 for none. */
    public Builder numaNodes(int count) {
      return this;
    }

    /** Room for so many DIMMs, of up to 1 GiB each. */
    public Builder hotplugSlots(int count) {
      return this;
    }

    /** Starts it and waits until its program writes. */
    public LabGuest start() throws IOException {
      throw new UnsupportedOperationException(lab + name);
    }
  }
}
