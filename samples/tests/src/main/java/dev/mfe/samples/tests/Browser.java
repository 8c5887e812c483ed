package dev.mfe.samples.tests;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** A headless Chromium, as far as the tests need it. Finding something waits until it is there. */
final class Browser implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Path SCREENSHOTS = Path.of("target/screenshots");

    private final String shop;
    private final ChromeDriver driver;

    private Browser(String shop, ChromeDriver driver) {
        this.shop = shop;
        this.driver = driver;
    }

    /** Starts Chromium, or skips the test and says what is missing. */
    static Browser open(int port) {
        Optional<Path> chromium = find(
                "CHROME_BIN", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe");
        Optional<Path> chromedriver = find("CHROMEDRIVER_BIN", "chromedriver", "chromedriver.exe");
        skipUnless(
                chromium.isPresent(), "No browser test: no Chromium or Chrome on the PATH, and CHROME_BIN is not set");
        skipUnless(
                chromedriver.isPresent(),
                "No browser test: no chromedriver on the PATH, and CHROMEDRIVER_BIN is not set");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.orElseThrow().toFile());
        options.addArguments(
                "--headless=new",
                // Containers and continuous integration rarely allow what Chromium's own sandbox needs.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                // What it would like to ask the network for has nothing to do with the test.
                "--disable-quic",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--window-size=1200,900");
        options.setCapability("goog:loggingPrefs", Map.of(LogType.BROWSER, "ALL"));
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.orElseThrow().toFile())
                .usingAnyFreePort()
                .build();
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.manage().timeouts().implicitlyWait(LIMIT);
        return new Browser("http://localhost:" + port, driver);
    }

    private static void skipUnless(boolean there, String otherwise) {
        if (!there) {
            // The build shows that tests were skipped, but keeps the reason for its report.
            System.out.println(otherwise);
        }
        Assumptions.assumeTrue(there, otherwise);
    }

    private static Optional<Path> find(String variable, String... names) {
        String named = System.getenv(variable);
        if (named != null && !named.isEmpty()) {
            return Optional.of(Path.of(named));
        }
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(names)
                .flatMap(name -> Stream.of(path.split(File.pathSeparator, -1)).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** A visitor whom nobody has seen before, at a path. */
    Browser fresh(String path) {
        go("/site.css");
        driver.manage().deleteAllCookies();
        driver.manage().logs().get(LogType.BROWSER);
        return go(path);
    }

    Browser go(String path) {
        driver.get(shop + path);
        return this;
    }

    Browser back() {
        driver.navigate().back();
        return this;
    }

    Browser click(String text) {
        find("//*[self::a or self::button][normalize-space()='" + text + "' or @aria-label='" + text + "']")
                .click();
        return this;
    }

    Browser type(String label, String text) {
        find("//*[@id=//label[.='" + label + "']/@for]").sendKeys(text);
        return this;
    }

    Browser logIn(String name) {
        return go("/login").type("Name", name).type("Password", "password").submit();
    }

    Browser submit() {
        find("//main//form//button").click();
        return this;
    }

    WebElement find(String xpath) {
        try {
            return driver.findElement(By.xpath(xpath));
        } catch (NoSuchElementException e) {
            screenshot("not-found");
            throw new AssertionError(
                    xpath + " is not on the page at " + path() + ", see target/screenshots/not-found.png", e);
        }
    }

    /** The zone that the page says it comes from. */
    String zone() {
        return driver.findElement(By.cssSelector("footer .zone")).getText();
    }

    /** Waits until the page has this as its heading. */
    Browser heading(String text) {
        find("//h1[normalize-space()='" + text + "']");
        return this;
    }

    String path() {
        return driver.getCurrentUrl().substring(shop.length());
    }

    @Nullable
    Object run(String script) {
        return driver.executeScript(script);
    }

    /** What the page has loaded beside itself: paths of this host, whole addresses of others. */
    List<String> resources() {
        Object names = run("return performance.getEntriesByType('resource').map(entry => entry.name)");
        return ((List<?>) Objects.requireNonNull(names))
                .stream().map(name -> name.toString().replace(shop, "")).toList();
    }

    /** Warnings and errors in the console since the last call. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    Browser screenshot(String name) {
        try {
            Files.createDirectories(SCREENSHOTS);
            Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
