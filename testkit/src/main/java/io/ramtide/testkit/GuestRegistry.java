package io.ramtide.testkit;

import io.ramtide.testkit.windows.registry.Registry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The registry of a running guest, to be changed between snapshots. Paths are full, for example
 * {@code \REGISTRY\MACHINE\SOFTWARE\Microsoft}, and their case does not matter; symbolic links
 * (CurrentControlSet) are followed. Every change sets the key's LastWriteTime to the guest's time.
 */
public final class GuestRegistry {

  private final Registry registry;

  GuestRegistry(Registry registry) {
    this.registry = registry;
  }

  /** Creates a key, and those above it that are missing; one that exists stays as it is. */
  public void createKey(String path) {
    registry.create(path, false);
  }

  /** The same in volatile storage. */
  public void createVolatileKey(String path) {
    registry.create(path, true);
  }

  /**
   * Sets a value of an existing key: in place if it fits, else in new cells.
   *
   * @param name empty for the default value
   * @param type REG_SZ, REG_DWORD, ..., or a number as 0x and hexadecimal digits
   */
  public void setValue(String path, String name, String type, byte[] data) {
    registry.set(path, name, type, data);
  }

  /** Sets a REG_SZ. */
  public void setText(String path, String name, String text) {
    setValue(path, name, "REG_SZ", (text + "\0").getBytes(StandardCharsets.UTF_16LE));
  }

  /** Sets a REG_DWORD. */
  public void setNumber(String path, String name, int number) {
    byte[] data = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
    setValue(path, name, "REG_DWORD", data);
  }

  /** Deletes a value, which must exist. */
  public void deleteValue(String path, String name) {
    registry.deleteValue(path, name);
  }

  /** Deletes a key that has no subkeys; a symbolic link itself, not where it leads. */
  public void deleteKey(String path) {
    registry.deleteKey(path);
  }

  /**
   * Loads a hive with a root key and nothing below it.
   *
   * @param rootPath where it is mounted, below \REGISTRY\MACHINE or \REGISTRY\USER
   * @param fileName for example {@code \??\C:\Users\mara\ntuser.dat}
   */
  public void loadHive(String rootPath, String fileName) {
    registry.load(rootPath, fileName);
  }

  /** Unloads a hive: off the list, its memory freed. */
  public void unloadHive(String rootPath) {
    registry.unload(rootPath);
  }

  /** The file of a hive (regf), as it would be if all were written now. */
  public byte[] file(String rootPath) {
    return registry.file(rootPath);
  }

  /** Takes a hive off the list, as a rootkit could; it stays in memory and mounted. */
  public void unlinkHive(String rootPath) {
    registry.unlink(rootPath);
  }

  /**
   * Changes the state of the page with a key's node.
   *
   * @param state transition (still in RAM), pagefile, absent (no page table entry)
   */
  public void page(String path, String state) {
    registry.page(path, state);
  }

  /**
   * Changes the state of the pages of a hive's block.
   *
   * @param storage 0 stable, 1 volatile
   */
  public void page(String rootPath, int storage, int block, String state) {
    registry.page(rootPath, storage, block, state);
  }
}
