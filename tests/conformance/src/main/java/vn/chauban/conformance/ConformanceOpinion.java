package vn.chauban.conformance;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** veraPDF's opinion: for each flavour ("3a", "ua1") the rules that a file breaks, each with where it does so first. */
final class ConformanceOpinion {

    private ConformanceOpinion() {}

    /** Flavour -> broken rules ("clause-test" -> message and place); a flavour with none is conformed to. */
    static Map<String, Object> of(Path file, List<String> flavours) throws Exception {
        Map<String, Object> opinion = new TreeMap<>();
        for (String name : flavours) {
            PDFAFlavour flavour = PDFAFlavour.byFlavourId(name);
            if (flavour == null || flavour == PDFAFlavour.NO_FLAVOUR) {
                throw new IllegalArgumentException("no such flavour: " + name);
            }
            opinion.put(name, brokenRules(file, flavour));
        }
        return opinion;
    }

    private static Map<String, String> brokenRules(Path file, PDFAFlavour flavour) throws Exception {
        try (InputStream content = Files.newInputStream(file);
                PDFAParser parser = Foundries.defaultInstance().createParser(content, flavour);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            Map<String, String> broken = new TreeMap<>();
            for (TestAssertion assertion : result.getTestAssertions()) {
                if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                    String rule = assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
                    broken.putIfAbsent(rule, assertion.getMessage() + " @ " + assertion.getLocation().getContext());
                }
            }
            if (broken.isEmpty() && !result.isCompliant()) {
                broken.put("unknown", "not compliant, and no rule was named");
            }
            return broken;
        }
    }
}
