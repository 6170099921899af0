"""From which books correction letters and revocation decisions take their numbers: `amendments:` of form.yaml.

Official letters and decisions of an agency are numbered apart, each kind by itself (Decree 30/2020/ND-CP, Article 15). A form that
says nothing gets the defaults. A replacing document is a result, and numbered like one.
"""

from chauban.forms.notice_policy import NoticeNumbering
from chauban.values import Frozen


class AmendmentNumbering(Frozen):
    """The books, and the symbols printed after the number."""

    correction: NoticeNumbering = NoticeNumbering(book="cong-van", symbol="UBND")
    revocation: NoticeNumbering = NoticeNumbering(book="quyet-dinh", symbol="QĐ-UBND")
