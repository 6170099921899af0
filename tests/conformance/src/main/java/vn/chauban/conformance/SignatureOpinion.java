package vn.chauban.conformance;

import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.PDFRevisionWrapper;
import eu.europa.esig.dss.detailedreport.DetailedReport;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.diagnostic.TimestampWrapper;
import eu.europa.esig.dss.diagnostic.jaxb.XmlObjectModification;
import eu.europa.esig.dss.enumerations.TimestampType;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.validation.PDFDocumentValidator;
import eu.europa.esig.dss.pdf.IPdfObjFactory;
import eu.europa.esig.dss.pdf.ServiceLoaderPdfObjFactory;
import eu.europa.esig.dss.pdf.modifications.DefaultPdfDifferencesFinder;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.validation.CertificateVerifier;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** EU DSS's opinion on the signatures of a file, offline: the file and the root must be enough (EN 319 102-1, clause 5). */
final class SignatureOpinion {

    private SignatureOpinion() {}

    /**
     * {"signatures": [...], "timestamps": [...]} in the order of signing; the lists are empty for a file without any.
     *
     * Judged as of {@code at}, which is now where it is null, by the policy of EU DSS; {@code retired} are hashes that it takes for
     * weak from a day on, and {@code beside} is what the file lacks.
     */
    static Map<String, Object> of(Path file, Path root, Instant at, Map<String, String> retired, Beside beside)
            throws IOException {
        SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(file.toFile()));
        validator.setCertificateVerifier(trusting(root, beside));
        if (at != null) {
            validator.setValidationTime(Date.from(at));
            ((PDFDocumentValidator) validator).setPdfObjFactory(withoutPictures());
        }
        Reports reports = validator.validateDocument(new ByteArrayInputStream(policy(retired)));
        SimpleReport conclusions = reports.getSimpleReport();
        DiagnosticData findings = reports.getDiagnosticData();
        List<Map<String, Object>> signatures = new ArrayList<>();
        for (SignatureWrapper signature : findings.getSignatures()) {
            signatures.add(describe(signature, conclusions));
        }
        List<Map<String, Object>> timestamps = new ArrayList<>();
        for (TimestampWrapper timestamp : findings.getTimestampList()) {
            if (timestamp.getType() == TimestampType.DOCUMENT_TIMESTAMP) {
                timestamps.add(describe(timestamp, reports.getDetailedReport()));
            }
        }
        return Map.of("signatures", signatures, "timestamps", timestamps);
    }

    /** Pages are not drawn and compared: how a file looks does not depend on the year in which it is judged, and takes most of the time. */
    private static IPdfObjFactory withoutPictures() {
        DefaultPdfDifferencesFinder differences = new DefaultPdfDifferencesFinder();
        differences.setMaximalPagesAmountForVisualComparison(0);
        IPdfObjFactory factory = new ServiceLoaderPdfObjFactory();
        factory.setPdfDifferencesFinder(differences);
        return factory;
    }

    /** The policy that comes with EU DSS, with the ends of some hashes, which then fail whatever the date of the policy. */
    private static byte[] policy(Map<String, String> retired) throws IOException {
        try (InputStream supplied = SignatureOpinion.class.getResourceAsStream("/policy/constraint.xml")) {
            String text = new String(supplied.readAllBytes(), StandardCharsets.UTF_8);
            for (Map.Entry<String, String> each : retired.entrySet()) {
                String ended = "<Algo Date=\"" + each.getValue() + "\">" + each.getKey() + "</Algo> <!-- ETSI";
                String changed = text.replace("<Algo>" + each.getKey() + "</Algo> <!-- ETSI", ended)
                        .replace("LevelAfterUpdate=\"WARN\"", "LevelAfterUpdate=\"FAIL\"");
                if (!changed.contains(ended) || !changed.contains("LevelAfterUpdate=\"FAIL\"")) {
                    throw new IOException("the policy does not name " + each.getKey());
                }
                text = changed;
            }
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    private static Map<String, Object> describe(TimestampWrapper timestamp, DetailedReport report) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("field", timestamp.getPDFRevision().getSignatureFieldNames().stream().findFirst().orElse(""));
        described.put("indication", String.valueOf(report.getBasicTimestampValidationIndication(timestamp.getId())));
        described.put("errors", report.getAdESValidationErrors(timestamp.getId()).stream().map(each -> each.getValue()).toList());
        described.put("digest", String.valueOf(timestamp.getMessageImprint().getDigestMethod()));
        described.put("time", timestamp.getProductionTime().toInstant().toString());
        return described;
    }

    /** Trusts the roots, knows what it was given, and has nobody to ask: neither AIA, nor OCSP, nor CRL. */
    private static CertificateVerifier trusting(Path roots, Beside beside) throws IOException {
        CommonTrustedCertificateSource anchors = new CommonTrustedCertificateSource();
        for (Certificate each : certificates(roots)) {
            anchors.addCertificate(new CertificateToken((X509Certificate) each));
        }
        CommonCertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(anchors);
        verifier.setAIASource(null);
        verifier.setAdjunctCertSources(beside.certificates());
        verifier.setOcspSource(beside.ocsp());
        verifier.setCrlSource(beside.crls());
        return verifier;
    }

    private static Collection<? extends Certificate> certificates(Path pem) throws IOException {
        try (InputStream text = Files.newInputStream(pem)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(text);
        } catch (CertificateException fault) {
            throw new IOException("not certificates: " + pem, fault);
        }
    }

    private static Map<String, Object> describe(SignatureWrapper signature, SimpleReport conclusions) {
        String id = signature.getId();
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("field", signature.getPDFRevision().getSignatureFieldNames().stream().findFirst().orElse(""));
        described.put("indication", String.valueOf(conclusions.getIndication(id)));
        described.put("sub_indication", String.valueOf(conclusions.getSubIndication(id)));
        described.put("errors", conclusions.getAdESValidationErrors(id).stream().map(each -> each.getValue()).toList());
        described.put("warnings", conclusions.getAdESValidationWarnings(id).stream().map(each -> each.getValue()).toList());
        described.put("level", String.valueOf(signature.getSignatureFormat()));
        described.put("encryption", String.valueOf(signature.getEncryptionAlgorithm()));
        described.put("digest", String.valueOf(signature.getDigestAlgorithm()));
        described.put("timestamps", signature.getTimestampList().size());
        described.put("unexplained", unexplained(signature.getPDFRevision()));
        return described;
    }

    /** What changed after the signature that DSS can neither name nor allow. */
    private static List<String> unexplained(PDFRevisionWrapper revision) {
        List<String> found = new ArrayList<>();
        for (XmlObjectModification change : revision.getPdfUndefinedChanges()) {
            found.add(change.getAction() + " " + change.getValue());
        }
        for (XmlObjectModification change : revision.getPdfAnnotationChanges()) {
            found.add(change.getAction() + " " + change.getValue());
        }
        return found;
    }
}
