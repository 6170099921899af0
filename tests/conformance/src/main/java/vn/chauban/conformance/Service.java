package vn.chauban.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;

/**
 * Answers one question a line, for as long as standard input is open: starting a JVM and loading both programs takes
 * seconds, an answer takes a tenth of one.
 *
 * <pre>
 * {"ask": "signatures", "file": "/a.pdf", "root": "/root.pem"}
 * {"ask": "signatures", "file": "/a.pdf", "root": "/root.pem", "at": "2056-01-01T00:00:00Z", "retired": {"SHA256": "2041-01-01"}}
 * {"ask": "signatures", "file": "/a.pdf", "root": "/root.pem", "beside": {"certificates": ["MII..."], "ocsp": [...], "crls": [...]}}
 * {"ask": "conformance", "file": "/a.pdf", "flavours": ["3a", "ua1"]}
 * </pre>
 *
 * Each answer is one line of JSON; {"error": "..."} where a question could not be answered.
 */
public final class Service {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Service() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        // Libraries that print must not print between the answers.
        System.setOut(System.err);
        VeraGreenfieldFoundryProvider.initialise();
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            answers.println(JSON.writeValueAsString(answer(JSON.readTree(line))));
        }
    }

    private static Map<String, Object> answer(JsonNode question) {
        try {
            Path file = Path.of(question.get("file").asText());
            return switch (question.get("ask").asText()) {
                case "signatures" -> SignatureOpinion.of(
                        file, Path.of(question.get("root").asText()), moment(question.get("at")), days(question.get("retired")), Beside.of(question.get("beside")));
                case "conformance" -> ConformanceOpinion.of(file, texts(question.get("flavours")));
                default -> Map.of("error", "unknown question");
            };
        } catch (Exception fault) {
            // An unreadable file is a finding, not a reason to stop answering.
            return Map.of("error", fault.getClass().getSimpleName() + ": " + fault.getMessage());
        }
    }

    private static Instant moment(JsonNode text) {
        return text == null ? null : Instant.parse(text.asText());
    }

    private static Map<String, String> days(JsonNode object) {
        Map<String, String> found = new LinkedHashMap<>();
        if (object != null) {
            object.fields().forEachRemaining(each -> found.put(each.getKey(), each.getValue().asText()));
        }
        return found;
    }

    private static List<String> texts(JsonNode array) {
        List<String> found = new ArrayList<>();
        array.forEach(each -> found.add(each.asText()));
        return found;
    }
}
