package io.ramtide.testkit;

import io.ramtide.testkit.ram.GuestRam;
import io.ramtide.testkit.truth.HiveTruth;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Half an hour of a Windows 7 workstation on which a mail attachment brings in a program that
 * enters itself under a Run key, calls its server and hides itself. Each step is a capture. The
 * same seed gives the same bytes.
 */
public final class IncidentScenario implements Iterable<IncidentScenario.Step> {

  /**
   * One capture.
   *
   * @param number 1 for the first
   * @param caption what happened since the capture before, in a sentence
   * @param ram the guest's RAM
   * @param truth what is in it
   */
  public record Step(int number, String caption, GuestRam ram, GroundTruth truth) {}

  private final long seed;

  public IncidentScenario(long seed) {
    this.seed = seed;
  }

  /** How many captures there are. */
  public int size() {
    return new Story(seed).acts.size();
  }

  /** Each iterator starts from the beginning, with a guest of its own. */
  @Override
  public Iterator<Step> iterator() {
    Story story = new Story(seed);
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < story.acts.size();
      }

      @Override
      public Step next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        Act act = story.acts.get(next++);
        act.happen().run();
        SimulatedGuest guest = story.guest;
        return new Step(next, act.caption(), guest.snapshot(), guest.truth());
      }
    };
  }

  private record Act(String caption, Runnable happen) {}

  /** The guest and who plays in it. */
  private static final class Story {
    private static final String OFFICE = "C:\\Program Files\\Microsoft Office\\Office14\\";
    private static final String DROPPED = "C:\\Users\\Public\\";
    private static final String RUN = "\\Software\\Microsoft\\Windows\\CurrentVersion\\Run";
    private static final String ENTRY = "updchk";

    private static final String HERE = "10.20.30.40";
    private static final String MAIL = "192.0.2.25";
    private static final String WEB = "198.51.100.80";
    private static final String ATTACKER = "203.0.113.7";

    final SimulatedGuest guest;
    private final int explorer;
    private final int services;
    private final String runKey;
    private int outlook;
    private int browser;
    private int word;
    private int calculator;
    private int powerShell;
    private int implant;
    private int shell;
    private int runDll;
    private int mail;
    private int beacon;
    private int hiddenBeacon;

    final List<Act> acts =
        List.of(
            new Act("The workstation is up and somebody has logged on.", () -> {}),
            new Act("Mail and a browser are opened.", this::openPrograms),
            new Act("An attachment is opened in Word.", this::openAttachment),
            new Act("Work goes on; the calculator is used.", this::calculate),
            new Act("Word starts PowerShell.", this::startPowerShell),
            new Act(
                "PowerShell drops updchk.exe, enters it under Run, starts it and ends.",
                this::drop),
            new Act(
                "updchk.exe calls its server and looks around with command line tools.",
                this::lookAround),
            new Act(
                "updchk.exe takes itself off the process list, runs on and calls again.",
                this::hide),
            new Act("The calculator and Word are closed.", this::closePrograms),
            new Act(
                "The hidden program starts rundll32.exe, and enters that under Run instead.",
                this::startRunDll),
            new Act("A service starts and ends; the browser goes on.", this::service),
            new Act(
                "rundll32.exe ends, its entry under Run goes, a call is over; mail is closed.",
                this::cleanUp),
            new Act("The screen is locked; the hidden program still runs.", this::lock));

    Story(long seed) {
      guest = SimulatedGuest.windows7(seed).rootkit(false).boot();
      explorer = pid("explorer.exe");
      services = pid("services.exe");
      runKey = userHive() + RUN;
    }

    private int pid(String imageName) {
      return guest.truth().processes().stream()
          .filter(process -> process.imageName().equals(imageName))
          .findFirst()
          .orElseThrow()
          .pid();
    }

    /** Root of the registry of the one who has logged on. */
    private String userHive() {
      return guest.truth().hives().stream()
          .map(HiveTruth::path)
          .filter(path -> path.matches("\\\\REGISTRY\\\\USER\\\\S-1-5-21-[0-9-]+"))
          .findFirst()
          .orElseThrow();
    }

    private int connect(int pid, int port, String remote, int remotePort) {
      return guest.network().connect(pid, HERE, port, remote, remotePort, "ESTABLISHED");
    }

    private void wait(int seconds) {
      guest.advance(Duration.ofSeconds(seconds));
    }

    private void end(int pid) {
      guest.exit(pid);
      guest.free(pid);
    }

    private void openPrograms() {
      wait(74);
      outlook = guest.start("OUTLOOK.EXE", explorer, OFFICE + "OUTLOOK.EXE");
      wait(2);
      mail = connect(outlook, 49_801, MAIL, 993);
      wait(19);
      browser = guest.start("firefox.exe", explorer);
      wait(3);
      guest.start("plugin-container.exe", browser);
      wait(5);
      connect(browser, 49_803, WEB, 443);
      wait(35);
    }

    private void openAttachment() {
      wait(190);
      word = guest.start("WINWORD.EXE", outlook, OFFICE + "WINWORD.EXE");
      wait(35);
    }

    private void calculate() {
      wait(12);
      calculator = guest.start("calc.exe", explorer);
      int notepad = guest.start("notepad.exe", explorer);
      wait(61);
      end(notepad);
      wait(9);
    }

    private void startPowerShell() {
      wait(26);
      powerShell = guest.start("powershell.exe", word);
      guest.start("conhost.exe", powerShell);
      wait(1);
      connect(powerShell, 49_810, ATTACKER, 80);
      wait(3);
    }

    private void drop() {
      wait(15);
      guest.registry().setText(runKey, ENTRY, DROPPED + "updchk.exe");
      wait(2);
      implant = guest.start("updchk.exe", powerShell, DROPPED + "updchk.exe");
      wait(2);
      end(pid("conhost.exe"));
      guest.exit(powerShell);
      wait(30);
    }

    private void lookAround() {
      wait(5);
      beacon = connect(implant, 49_812, ATTACKER, 443);
      wait(40);
      shell = guest.start("cmd.exe", implant);
      for (String tool : List.of("whoami.exe", "ipconfig.exe", "net.exe", "tasklist.exe")) {
        int pid = guest.start(tool, shell);
        wait(2);
        guest.exit(pid);
      }
      wait(6);
    }

    private void hide() {
      wait(20);
      end(shell);
      guest.unlink(implant);
      wait(10);
      hiddenBeacon = connect(implant, 49_815, ATTACKER, 8443);
      wait(30);
    }

    private void closePrograms() {
      wait(150);
      end(calculator);
      wait(5);
      guest.network().setState(beacon, "CLOSE_WAIT");
      wait(10);
      guest.exitStillLinked(word); // Outlook still holds a handle to it
      wait(25);
    }

    private void startRunDll() {
      wait(80);
      runDll = guest.start("rundll32.exe", implant);
      wait(1);
      guest.registry().setText(runKey, ENTRY, "rundll32.exe " + DROPPED + "updchk.dll,Start");
      wait(19);
    }

    private void service() {
      wait(130);
      int worker = guest.start("WmiPrvSE.exe", services);
      wait(62);
      end(worker);
      wait(11);
    }

    private void cleanUp() {
      wait(140);
      end(runDll);
      wait(3);
      guest.registry().deleteValue(runKey, ENTRY);
      guest.network().close(beacon);
      wait(30);
      guest.network().close(mail);
      guest.free(word);
      end(outlook);
      wait(18);
    }

    private void lock() {
      wait(150);
      guest.network().close(hiddenBeacon);
      wait(50);
      guest.start("LogonUI.exe", pid("winlogon.exe"));
      wait(12);
    }
  }
}
