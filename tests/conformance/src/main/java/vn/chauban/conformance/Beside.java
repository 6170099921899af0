package vn.chauban.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import eu.europa.esig.dss.model.x509.revocation.crl.CRL;
import eu.europa.esig.dss.model.x509.revocation.ocsp.OCSP;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.x509.CertificateSource;
import eu.europa.esig.dss.spi.x509.CommonCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.RevocationSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.spi.x509.revocation.ocsp.ExternalResourcesOCSPSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** What whoever asks has beside the file, which may hold too little: nothing, unless it was given. */
record Beside(CertificateSource certificates, RevocationSource<OCSP> ocsp, RevocationSource<CRL> crls) {

    /** From lists of DER values in base64 by their kinds; a source that was given nothing is none. */
    static Beside of(JsonNode given) throws IOException {
        CertificateSource certificates = new CommonCertificateSource();
        for (byte[] each : values(given, "certificates")) {
            certificates.addCertificate(DSSUtils.loadCertificate(each));
        }
        InputStream[] answers = streams(values(given, "ocsp"));
        InputStream[] lists = streams(values(given, "crls"));
        return new Beside(
                certificates,
                answers.length == 0 ? null : new ExternalResourcesOCSPSource(answers),
                lists.length == 0 ? null : new ExternalResourcesCRLSource(lists));
    }

    private static List<byte[]> values(JsonNode given, String kind) throws IOException {
        List<byte[]> found = new ArrayList<>();
        if (given != null) {
            for (JsonNode each : given.path(kind)) {
                found.add(each.binaryValue());
            }
        }
        return found;
    }

    private static InputStream[] streams(List<byte[]> values) {
        return values.stream().map(ByteArrayInputStream::new).toArray(InputStream[]::new);
    }
}
