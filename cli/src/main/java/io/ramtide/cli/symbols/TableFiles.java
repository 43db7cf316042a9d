package io.ramtide.cli.symbols;

import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.scanner.symbols.isf.SymbolImport;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The tables that a user named.
 *
 * @param files in the order given, those of a folder by path
 * @param leftOut folders of other modules' tables, which nobody asked for by name
 */
record TableFiles(List<Path> files, List<Path> leftOut) {
  private static final List<String> ENDINGS = List.of(".json", ".json.xz", ".json.gz", ".json.bz2");

  /**
   * Finds them. In a folder that is every file whose name ends like a table's; folders inside that
   * are called like another module's PDB are left out, as the ecosystem names folders by PDB.
   *
   * @throws Failure if one does not exist or a folder has no table
   */
  static TableFiles of(List<Path> given) {
    TableFiles found = new TableFiles(new ArrayList<>(), new ArrayList<>());
    for (Path path : given) {
      if (Files.isDirectory(path)) {
        found.addFolder(path);
      } else {
        found.files.add(path);
      }
    }
    return found;
  }

  private void addFolder(Path folder) {
    List<Path> inside = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
              if (dir.equals(folder) || !isOtherModules(dir)) {
                return FileVisitResult.CONTINUE;
              }
              leftOut.add(dir);
              return FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (ENDINGS.stream().anyMatch(file.getFileName().toString()::endsWith)) {
                inside.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new Failure(
          ExitCode.UNREADABLE_INPUT,
          "%s: cannot be read (%s)".formatted(folder, Failure.reason(e)),
          e);
    }
    if (inside.isEmpty()) {
      throw new Failure(
          ExitCode.UNREADABLE_INPUT,
          "%s: a folder without symbol tables (%s)".formatted(folder, String.join(", ", ENDINGS)));
    }
    inside.sort(null);
    files.addAll(inside);
  }

  private static boolean isOtherModules(Path folder) {
    String name = folder.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".pdb") && !SymbolImport.pdbs().contains(name);
  }
}
