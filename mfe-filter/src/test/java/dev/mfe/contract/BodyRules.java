package dev.mfe.contract;

import static dev.mfe.testkit.Script.answering;
import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.Spec;
import dev.mfe.testkit.OriginRequest;
import dev.mfe.testkit.Script;
import dev.mfe.testkit.ScriptedOrigin;
import jakarta.servlet.Filter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies stream both ways, byte for byte. */
abstract class BodyRules extends Rules {

    private static final int MIB = 1024 * 1024;
    private static final int BLOCK = 64 * 1024;
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String MULTIPART = "multipart/form-data; boundary=\"=_x y\"";
    private static final String PARTS = String.join(
            "\r\n",
            "--=_x y",
            "Content-Disposition: form-data; name=\"a\"; filename=\"\u00fc.txt\"",
            "X-Part:  1",
            "",
            "hello",
            "--=_x y",
            "content-disposition: form-data; name=b",
            "",
            "",
            "--=_x y--",
            "epilogue");

    BodyRules(ContainerUnderTest container) {
        super(container);
    }

    // ---- forms

    @Test
    @Spec({"Servlet 6.0 §3.1.1", "failure case 27"})
    void aFormForTheLocalAppHasItsParameters() throws Exception {
        serve(script());
        RawResponse response = post("/local/form?a=0", FORM, "a=1&b=x+y");
        assertThat(response.body()).contains("a=[0, 1]", "b=[x y]");
    }

    private static final Filter READS_THE_FORM = (request, response, chain) -> {
        request.getParameter("_method");
        chain.doFilter(request, response);
    };

    @ParameterizedTest
    @ValueSource(strings = {"/docs/a", "/docs/a?q=9", "/docs/a?a=0&b=7"})
    @Spec({"Servlet 6.0 §3.1.1", "failure case 28"})
    void aFormThatAnEarlierFilterReadIsRebuilt(String target) throws Exception {
        ScriptedOrigin zone = zone(recordingBody());
        start(Site.of(zone).earlier(READS_THE_FORM));
        String form = "a=1&a=2&b=x+y%26%3D&c=&%C3%BC=%E2%82%AC&_csrf=3f-_.*";
        assertThat(post(target, FORM, form).body()).isEqualTo("ok");
        OriginRequest request = zone.takeRequest();
        assertThat(request.target()).isEqualTo(target);
        assertThat(request.fields("Content-Type")).containsExactly(FORM);
        assertThat(bodyOf(request)).isEqualTo(form);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=1&b=%20x&a=2&d", "b=2&a=%31", "a=%c3%bc&&b=~!", "=&x"})
    @Spec({"Servlet 6.0 §3.1.1", "failure case 28"})
    void anOddFormThatAnEarlierFilterReadIsNeverChanged(String form) throws Exception {
        ScriptedOrigin zone = zone(recordingBody());
        start(Site.of(zone).earlier(READS_THE_FORM));
        RawResponse response = post("/docs/a", FORM, form);
        if (response.status() == 200) {
            assertThat(formOf(bodyOf(zone.takeRequest()))).isEqualTo(formOf(form));
        } else {
            // Refused clearly, and the zone has not acted on half a form.
            assertThat(response.status()).isBetween(400, 501);
            assertThat(zone.waitingRequests()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {999, 1001, 12_000})
    @Spec("failure case 28")
    void aFormThatTheContainerDoesNotKeepWholeIsRefused(int pairs) throws Exception {
        ScriptedOrigin zone = zone(recordingBody());
        start(Site.of(zone).earlier((request, response, chain) -> {
            request.getParameter("a");
            chain.doFilter(request, response);
        }));
        String form = "a=" + "&a=1".repeat(pairs - 1);
        RawResponse response = post("/docs/a", FORM, form);
        if (response.status() == 200) {
            assertThat(bodyOf(zone.takeRequest())).isEqualTo(form);
        } else {
            assertThat(response.status()).isBetween(400, 500);
            assertThat(zone.waitingRequests()).isZero();
        }
    }

    @Test
    @Spec("failure case 28")
    void aFormThatAnEarlierFilterReadAsAStreamIsRefused() throws Exception {
        ScriptedOrigin zone = zone(recordingBody());
        start(Site.of(zone).earlier((request, response, chain) -> {
            request.getInputStream().readAllBytes();
            chain.doFilter(request, response);
        }));
        assertThat(post("/docs/a", FORM, "a=1&b=2").status()).isEqualTo(500);
        assertThat(zone.waitingRequests()).isZero();
    }

    private static Map<String, String> formOf(String body) {
        Map<String, ArrayList<String>> form = new TreeMap<>();
        for (String pair : body.split("&", -1)) {
            if (pair.isEmpty() || pair.equals("=")) {
                // Some containers tell an empty pair as a nameless parameter.
                continue;
            }
            String[] parts = pair.split("=", 2);
            ArrayList<String> values = form.computeIfAbsent(decode(parts[0]), k -> new ArrayList<>());
            if (parts.length > 1 && !parts[1].isEmpty()) {
                values.add(decode(parts[1]));
            }
        }
        Map<String, String> result = new TreeMap<>();
        form.forEach((name, values) -> result.put(name, values.toString()));
        return result;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE"})
    @Spec({"RFC 9110 §9.3", "failure case 37"})
    void aFormReachesTheZoneByteForByte(String method) throws Exception {
        ScriptedOrigin zone = serve(recordingBody());
        String form = "b=2&a=%31&&a=+%20&=&z";
        assertThat(send(method, "/docs/a", FORM, form).body()).isEqualTo("ok");
        OriginRequest request = zone.takeRequest();
        assertThat(request.line()).isEqualTo(method + " /docs/a HTTP/1.1");
        assertThat(bodyOf(request)).isEqualTo(form);
    }

    @Test
    @Spec({"RFC 9110 §8.6", "failure case 37"})
    void anEmptyBodyKeepsItsLength() throws Exception {
        ScriptedOrigin zone = serve(OK);
        post("/docs/a", FORM, "");
        OriginRequest request = zone.takeRequest();
        assertThat(request.fields("Content-Length")).containsExactly("0");
        assertThat(request.fields("Transfer-Encoding")).isEmpty();
    }

    @Test
    @Spec("RFC 9110 §8.6")
    void aRequestWithoutABodyGetsNoLength() throws Exception {
        ScriptedOrigin zone = serve(OK);
        get("/docs/a");
        OriginRequest request = zone.takeRequest();
        assertThat(request.fields("Content-Length")).isEmpty();
        assertThat(request.fields("Transfer-Encoding")).isEmpty();
    }

    @Test
    @Spec("RFC 9110 §9.3.1")
    void aGetMayHaveABody() throws Exception {
        ScriptedOrigin zone = serve(recordingBody());
        assertThat(send("GET", "/docs/a", "text/plain", "hello").body()).isEqualTo("ok");
        assertThat(bodyOf(zone.takeRequest())).isEqualTo("hello");
    }

    @Test
    @Spec("RFC 9112 §7.1")
    void aChunkedBodyArrivesComplete() throws Exception {
        ScriptedOrigin zone = serve(recordingBody());
        RawResponse response = client().send(head("POST", "/docs/a", "Transfer-Encoding: chunked") + chunk("hello")
                        + chunk(" chunks") + "0\r\n\r\n")
                .readResponse();
        assertThat(response.body()).isEqualTo("ok");
        assertThat(bodyOf(zone.takeRequest())).isEqualTo("hello chunks");
    }

    // ---- multipart

    @Test
    @Spec({"RFC 7578", "failure case 31"})
    void multipartReachesTheZoneByteForByte() throws Exception {
        ScriptedOrigin zone = serve(recordingBody());
        assertThat(post("/docs/a", MULTIPART, PARTS).body()).isEqualTo("ok");
        OriginRequest request = zone.takeRequest();
        assertThat(request.fields("Content-Type")).containsExactly(MULTIPART);
        assertThat(bodyOf(request)).isEqualTo(PARTS);
    }

    @Test
    @Spec({"RFC 7578", "failure case 32"})
    void multipartForTheLocalAppStillWorks() throws Exception {
        serve(script());
        RawResponse response = post(
                "/local/parts",
                "multipart/form-data; boundary=xyz",
                "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nhello\r\n--xyz--\r\n");
        assertThat(response.body()).isEqualTo("a=5\n");
    }

    // ---- no body

    @Test
    @Spec({"RFC 9110 §9.3.2", "failure case 38"})
    void headKeepsTheLengthAndHasNoBody() throws Exception {
        serve("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\nETag: \"x\"\r\n\r\n");
        RawClient client = client();
        for (int i = 0; i < 2; i++) {
            RawResponse response = client.send(head("HEAD", "/docs/a")).readHeadOfHead();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.fields("Content-Length")).containsExactly("1234");
            assertThat(response.fields("ETag")).containsExactly("\"x\"");
        }
    }

    @Test
    @Spec({"RFC 9110 §9.3.2", "failure case 38"})
    void headOfAChunkedPageDoesNotHang() throws Exception {
        serve("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        RawClient client = client();
        for (int i = 0; i < 2; i++) {
            RawResponse response = client.send(head("HEAD", "/docs/a")).readHeadOfHead();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.fields("Content-Length")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Content-Length: 5\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"})
    @Spec({"RFC 9110 §15.3.5", "RFC 9112 §6.3", "failure case 39"})
    void aBodyBehind204IsNotTakenForTheNextResponse(String rest) throws Exception {
        serve("HTTP/1.1 204 No Content\r\n" + rest);
        RawClient client = client();
        for (int i = 0; i < 3; i++) {
            RawResponse response = client.send(head("GET", "/docs/a")).readHead();
            assertThat(response.status()).isEqualTo(204);
            assertThat(response.fields("Transfer-Encoding")).isEmpty();
        }
    }

    @Test
    @Spec({"RFC 9110 §15.4.5", "failure case 39"})
    void notModifiedKeepsItsFields() throws Exception {
        serve("HTTP/1.1 304 Not Modified\r\nContent-Length: 1234\r\nETag: W/\"x\"\r\n\r\n");
        RawClient client = client();
        for (int i = 0; i < 2; i++) {
            RawResponse response = client.send(head("GET", "/docs/a", "If-None-Match: W/\"x\""))
                    .readHead();
            assertThat(response.status()).isEqualTo(304);
            assertThat(response.fields("ETag")).containsExactly("W/\"x\"");
            assertThat(response.fields("Content-Length")).isSubsetOf("1234");
        }
    }

    @Test
    @Spec("RFC 9112 §6.3")
    void anEmptyResponseIsComplete() throws Exception {
        serve("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        RawResponse response = get("/docs/a");
        assertThat(response.fields("Content-Length")).containsExactly("0");
        assertThat(response.ending()).isEqualTo(RawResponse.Ending.COMPLETE);
    }

    @Test
    @Spec("RFC 9112 §6.3")
    void aBodyThatEndsWithItsConnectionArrivesComplete() throws Exception {
        serve(script().readHead().send("HTTP/1.1 200 OK\r\n\r\nhello").close());
        RawResponse response = get("/docs/a");
        assertThat(response.body()).isEqualTo("hello");
        assertThat(response.ending()).isEqualTo(RawResponse.Ending.COMPLETE);
    }

    // ---- encodings and ranges

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Spec({"RFC 9110 §8.4", "failure case 40", "failure case 41"})
    void encodedBodiesPassUntouched(boolean containerCompresses) throws Exception {
        byte[] zipped = gzip("body { color: red } ".repeat(1000));
        ScriptedOrigin zone = zone(script().readHead()
                .send("HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nContent-Encoding: gzip\r\nVary: Accept-Encoding\r\n"
                        + "ETag: \"abc\"\r\nContent-Length: " + zipped.length + "\r\n\r\n")
                .sendBytes(zipped)
                .repeat());
        Site site = Site.of(zone);
        start(containerCompresses ? site.compressing() : site);
        RawResponse response = get("/docs/a", "Accept-Encoding: gzip, br;q=0.5");
        assertThat(zone.takeRequest().fields("Accept-Encoding")).containsExactly("gzip, br;q=0.5");
        assertThat(response.fields("Content-Encoding")).containsExactly("gzip");
        assertThat(response.fields("ETag")).containsExactly("\"abc\"");
        assertThat(response.bodyBytes()).isEqualTo(zipped);
    }

    @Test
    @Spec("failure case 41")
    void theLocalAppIsCompressedWhereTheContainerIsToldTo() throws Exception {
        // Keeps the rule above honest: compression is really on.
        ScriptedOrigin zone = zone(script());
        start(Site.of(zone).compressing());
        RawResponse response = get("/local/" + "x".repeat(3000), "Accept-Encoding: gzip");
        assertThat(response.fields("Content-Encoding")).containsExactly("gzip");
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
        }
        return bytes.toByteArray();
    }

    @Test
    @Spec({"RFC 9110 §14", "failure case 42"})
    void rangesPassUntouched() throws Exception {
        String first = "--3d6b\r\nContent-Range: bytes 0-1/10\r\n\r\nab\r\n";
        String parts = first + "--3d6b\r\nContent-Range: bytes 4-5/10\r\n\r\nef\r\n--3d6b--\r\n";
        ScriptedOrigin zone = serve(response(
                "206 Partial Content",
                parts,
                "Content-Type: multipart/byteranges; boundary=3d6b",
                "Accept-Ranges: bytes",
                "ETag: \"v1\""));
        RawResponse response = get("/docs/a", "Range: bytes=0-1,4-5", "If-Range: \"v1\"");
        OriginRequest request = zone.takeRequest();
        assertThat(request.fields("Range")).containsExactly("bytes=0-1,4-5");
        assertThat(request.fields("If-Range")).containsExactly("\"v1\"");
        assertThat(response.status()).isEqualTo(206);
        assertThat(response.fields("Content-Type")).containsExactly("multipart/byteranges; boundary=3d6b");
        assertThat(response.fields("Accept-Ranges")).containsExactly("bytes");
        assertThat(response.body()).isEqualTo(parts);
    }

    @Test
    @Spec({"RFC 9110 §14.4", "failure case 42"})
    void aSingleRangeAndAnUnsatisfiableOnePassUntouched() throws Exception {
        serve(response("416 Range Not Satisfiable", "no", "Content-Range: bytes */10"));
        RawResponse response = get("/docs/a", "Range: bytes=99-");
        assertThat(response.status()).isEqualTo(416);
        assertThat(response.fields("Content-Range")).containsExactly("bytes */10");
    }

    // ---- cut bodies

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 100\r\n\r\nonly this",
                "Transfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n",
                "Transfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n0\r\n",
                "Transfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n5\r\nhal"
            })
    @Spec({"RFC 9112 §8", "failure case 43"})
    void aCutBodyIsSeenAsCut(String rest) throws Exception {
        serve(script().readHead().send("HTTP/1.1 200 OK\r\n" + rest).close());
        assertCut(get("/docs/a"));
    }

    /** Some apps have a filter in front that catches everything, to log it or to show a page. */
    private static final Filter SWALLOWS = (request, response, chain) -> {
        try {
            chain.doFilter(request, response);
        } catch (IOException e) {
            response.flushBuffer();
        }
    };

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "text/event-stream"})
    @Spec({"RFC 9112 §8", "failure case 43", "failure case 105"})
    void aCutBodyIsSeenAsCutWhateverOtherFiltersCatch(String type) throws Exception {
        ScriptedOrigin zone = zone(script().readHead()
                .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: " + type + "\r\n\r\n"
                        + chunk("only this"))
                .close());
        start(Site.of(zone).earlier(SWALLOWS));
        assertCut(get("/docs/a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "text/event-stream"})
    @Spec({"RFC 9112 §8", "failure case 43"})
    void aCutBodyIsSeenAsCutWithoutTheMappingForAsyncDispatches(String type) throws Exception {
        ScriptedOrigin zone = zone(script().readHead()
                .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: " + type + "\r\n\r\n"
                        + chunk("only this"))
                .close());
        start(Site.of(zone).forRequestsOnly());
        RawResponse response = get("/docs/a");
        assertCut(response);
        assertThat(response.body()).isIn("", "only this");
    }

    // ---- big bodies

    @Test
    @Spec("failure case 33")
    void sixtyFourMiBGoUp() throws Exception {
        goUp(64L * MIB);
    }

    @Test
    @Spec("failure case 33")
    void sixtyFourMiBGoDown() throws Exception {
        goDown(64L * MIB);
    }

    /** Meant for a small heap: {@code -Dmfe.test.big=true -Dtest.jvm.options=-Xmx64m}. */
    @Test
    @Timeout(600)
    @EnabledIfSystemProperty(named = "mfe.test.big", matches = "true")
    @Spec("failure case 33")
    void oneGiBGoesUp() throws Exception {
        goUp(1024L * MIB);
    }

    /** As {@link #oneGiBGoesUp}. */
    @Test
    @Timeout(600)
    @EnabledIfSystemProperty(named = "mfe.test.big", matches = "true")
    @Spec("failure case 33")
    void oneGiBGoesDown() throws Exception {
        goDown(1024L * MIB);
    }

    private void goUp(long length) throws Exception {
        serve(script().readHead()
                .then(peer -> expectBlocks(peer.socket().getInputStream(), length))
                .send(OK));
        RawClient client = client().send(head("PUT", "/docs/a", "Content-Length: " + length));
        sendBlocks(client::sendBytes, length);
        assertThat(client.readResponse().body()).isEqualTo("ok");
    }

    private void goDown(long length) throws Exception {
        serve(script().readHead()
                .send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n")
                .then(peer -> sendBlocks(peer::send, length)));
        RawClient client = client().send(head("GET", "/docs/a"));
        assertThat(client.readHead().status()).isEqualTo(200);
        expectBlocks(client.in(), length);
    }

    @Test
    @Spec("RFC 9112 §9.3")
    void aZoneMayBeginItsAnswerBeforeItHasReadTheRequest() throws Exception {
        long length = 16L * MIB;
        serve(script().readHead()
                .send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf")
                .then(peer -> expectBlocks(peer.socket().getInputStream(), length))
                .send("rest"));
        RawClient client = client().send(head("PUT", "/docs/a", "Content-Length: " + length));
        sendBlocks(client::sendBytes, length);
        assertThat(client.readResponse().body()).isEqualTo("halfrest");
    }

    /** Who reads the request to its end first, as the filter does, gets no further here; who does both at once may. */
    @Test
    @Spec("RFC 9112 §9.3")
    void aZoneThatStopsReadingToAnswerIsCutAndNotHungUpon() throws Exception {
        long length = 64L * MIB;
        ScriptedOrigin zone = zone(script().readHead()
                .send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n")
                .then(peer -> {
                    byte[] block = new byte[BLOCK];
                    InputStream in = peer.socket().getInputStream();
                    try {
                        while (in.readNBytes(block, 0, block.length) == block.length) {
                            peer.send(block);
                        }
                    } catch (IOException e) {
                        // It is cut off when the idle timeout is over.
                    }
                })
                .close());
        start(Site.of(zone).timeouts(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(1)));
        RawClient client = client().send(head("PUT", "/docs/a", "Content-Length: " + length));
        inBackground(() -> sendBlocks(client::sendBytes, length));
        RawResponse response = client.readHead().readBody();
        if (response.ending() == RawResponse.Ending.COMPLETE && response.status() == 200) {
            assertThat(response.bodyBytes()).hasSize((int) length);
        } else {
            assertCut(response);
        }
    }

    private interface Sink {
        void send(byte[] bytes) throws IOException;
    }

    /** Blocks of which each is filled with its number. */
    private static void sendBlocks(Sink sink, long length) throws IOException {
        byte[] block = new byte[BLOCK];
        for (long sent = 0; sent < length; sent += block.length) {
            Arrays.fill(block, (byte) (sent / block.length));
            sink.send(block);
        }
    }

    private static void expectBlocks(InputStream in, long length) throws IOException {
        byte[] block = new byte[BLOCK];
        byte[] expected = new byte[BLOCK];
        for (long read = 0; read < length; read += block.length) {
            assertThat(in.readNBytes(block, 0, block.length)).isEqualTo(block.length);
            Arrays.fill(expected, (byte) (read / block.length));
            assertThat(Arrays.equals(block, expected)).as("block at " + read).isTrue();
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static Thread inBackground(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // The test ended first, or its other end notices.
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Test
    @Spec("failure case 33")
    void aZoneThatDoesNotReadStopsTheClient() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        long length = 64L * MIB;
        ScriptedOrigin zone = serve(script().readHead()
                .await(goOn)
                .then(peer -> {
                    byte[] bytes = new byte[64 * 1024];
                    for (long left = length; left > 0; ) {
                        int n = peer.socket().getInputStream().read(bytes);
                        assertThat(n).isPositive();
                        left -= n;
                    }
                })
                .send(OK));
        RawClient client = client();
        client.send(head("PUT", "/docs/a", "Content-Length: " + length));
        CountDownLatch allSent = new CountDownLatch(1);
        Thread sender = inBackground(() -> {
            sendBlocks(client::sendBytes, length);
            allSent.countDown();
        });
        zone.takeRequest();
        // What the sockets on the way hold is far less than that.
        assertThat(allSent.await(700, TimeUnit.MILLISECONDS))
                .as("somebody took the whole body")
                .isFalse();
        goOn.countDown();
        assertThat(client.readResponse().body()).isEqualTo("ok");
        sender.join();
    }

    @Test
    @Spec("failure case 33")
    void aClientThatDoesNotReadStopsTheZone() throws Exception {
        long length = 64L * MIB;
        CountDownLatch allSent = new CountDownLatch(1);
        serve(script().readHead()
                .send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n")
                .then(peer -> sendBlocks(peer::send, length))
                .signal(allSent));
        RawClient client = client().send(head("GET", "/docs/a"));
        RawResponse response = client.readHead();
        assertThat(allSent.await(700, TimeUnit.MILLISECONDS))
                .as("somebody took the whole body")
                .isFalse();
        expectBlocks(client.in(), length);
        await(allSent);
        assertThat(response.status()).isEqualTo(200);
    }

    @Test
    @Spec({"RFC 9112 §9.3", "failure case 35"})
    void anEarlyAnswerToABigUploadIsDelivered() throws Exception {
        Script refuses = script().readHead().send(response("401 Unauthorized", "who?", "WWW-Authenticate: Basic"));
        ScriptedOrigin zone = zones(refuses, answering(OK));
        start(Site.of(zone));
        RawClient client = client();
        client.send(head("POST", "/docs/a", "Content-Length: " + 64 * MIB));
        inBackground(() -> sendBlocks(client::sendBytes, 64L * MIB));
        RawResponse response = client.readHead();
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.fields("WWW-Authenticate")).containsExactly("Basic");
        client.reset();
        // The rest of the upload must not be read as a request by the zone.
        assertThat(get("/docs/b").body()).isEqualTo("ok");
        zone.takeRequest();
        assertThat(zone.takeRequest().target()).isEqualTo("/docs/b");
        assertThat(zone.connectionCount()).isEqualTo(2);
    }

    // ---- what the zone does with a body

    /** Reads the body as its framing says and answers. */
    static Script recordingBody() {
        return script().readHead()
                .then(peer -> {
                    if (!peer.request().fields("Transfer-Encoding").isEmpty()) {
                        peer.readBodyUntil("0\r\n\r\n");
                    } else if (!peer.request().fields("Content-Length").isEmpty()) {
                        peer.readBody(Integer.parseInt(
                                peer.request().fields("Content-Length").get(0)));
                    }
                })
                .send(OK)
                .repeat();
    }

    /** The body that a zone read, without chunk framing. */
    static String bodyOf(OriginRequest request) {
        String raw = request.bodyText();
        if (request.fields("Transfer-Encoding").isEmpty()) {
            return raw;
        }
        StringBuilder body = new StringBuilder();
        for (int at = 0; ; ) {
            int end = raw.indexOf("\r\n", at);
            int length = Integer.parseInt(raw.substring(at, end), 16);
            if (length == 0) {
                return body.toString();
            }
            body.append(raw, end + 2, end + 2 + length);
            at = end + 2 + length + 2;
        }
    }
}
