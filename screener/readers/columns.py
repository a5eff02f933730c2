"""Which column of a table is what: headers and role words in the screened languages, and saved mappings."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

from screener.errors import InputError, RuleError, ScreenerError
from screener.records import Channel, Speaker
from screener.writers.atomic import whole_text
from screener.yamlfile import parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["FIELDS", "channel_word", "guess", "load_profile", "resolve", "role_word", "save_profile"]

_HEADERS: Final[dict[str, str]] = {
    "text": """
        text|message|messages|messagetext|msg|msgtext|body|content|chat|chattext|comment|utterance|plaintext|
        内容|內容|消息|訊息|消息内容|訊息內容|聊天内容|聊天內容|文本|留言|
        pesan|isipesan|isi|isichat|teks|percakapan|mesej|isimesej|kandungan|
        tinnhắn|nộidung|nộidungtinnhắn|ข้อความ|เนื้อหา|mensahe|teksto|nilalaman|
        mensaje|texto|contenido|textodelmensaje|mensagem|conteúdo|conteudo|textodamensagem|
        nachricht|nachrichtentext|inhalt|texte|contenu|messaggio|testo|contenuto|
        الرسالة|رسالة|النص|نصالرسالة|المحتوى|メッセージ|本文|テキスト|메시지|내용|메시지내용|본문
    """,
    "speaker": """
        speaker|role|senderrole|sendertype|fromrole|usertype|party|direction|author_type|authortype|
        角色|身份|发送方|發送方|发送人角色|发送者角色|發送者角色|發送人角色|发言人角色|发言角色|peran|peranpengirim|ผู้พูด|สถานะผู้ส่ง|roldelremitente|roldelemisor|rolledesabsenders|jenispengirim|peranan|vaitrò|loạingườigửi|บทบาท|tungkulin|
        rol|tipoderemitente|papel|função|tipoderemetente|rolle|rôle|ruolo|الدور|دور|役割|種別|역할|구분
    """,
    "sender": """
        sender|sendername|from|fromname|fromuser|author|authorname|user|username|name|nickname|account|senderid|
        发送者|发送人|發送者|發送人|昵称|暱稱|姓名|用户|用戶|用户名|
        pengirim|namapengirim|dari|nama|penghantar|ngườigửi|têningườigửi|tênngườigửi|ผู้ส่ง|ชื่อผู้ส่ง|nagpadala|mula|
        remitente|de|autor|nombre|usuario|remetente|nome|usuário|absender|von|benutzer|
        expéditeur|expediteur|auteur|nom|utilisateur|mittente|da|autore|utente|
        المرسل|من|الاسم|送信者|発言者|名前|ユーザー|보낸사람|발신자|이름|사용자|작성자
    """,
    "time": """
        time|timestamp|date|datetime|sentat|senttime|createdat|created|createtime|createdtimestamp|sendtime|messagetime|ts|
        时间|時間|发送时间|發送時間|日期|创建时间|建立時間|waktu|tanggal|waktukirim|masa|tarikh|
        thờigian|ngày|thờigiangửi|เวลา|วันที่|วันเวลา|oras|petsa|
        fecha|hora|fechayhora|fechadeenvío|data|datahora|dataehora|enviadoem|datum|zeit|zeitpunkt|uhrzeit|zeitstempel|
        heure|dateheure|dateetheure|ora|dataeora|orario|
        التاريخ|الوقت|تاريخ|وقت|日時|時刻|日付|送信日時|送信時刻|시간|날짜|일시|전송시간|보낸시간
    """,
    "conversation": """
        conversation|conversationid|chatid|threadid|thread|sessionid|session|dialogid|dialog|ticketid|ticket|room|roomid|
        会话|會話|会话id|會話id|对话id|對話id|会话编号|idpercakapan|idchat|idobrolan|idperbualan|
        cuộctròchuyện|mãhộithoại|idhộithoại|การสนทนา|รหัสการสนทนา|usapan|conversación|idconversación|idconversacion|
        conversa|idconversa|idconversação|unterhaltung|konversation|gesprächsid|idconversation|conversazione|idconversazione|
        المحادثة|رقمالمحادثة|معرفالمحادثة|会話|会話id|スレッド|대화|대화id|대화방|채팅방
    """,
    "order": """
        order|orderid|ordersn|orderno|ordernumber|ordernr|orderref|
        订单|訂單|订单号|訂單號|订单编号|訂單編號|单号|nomorpesanan|nopesanan|idpesanan|nomborpesanan|idorder|
        mãđơnhàng|đơnhàng|sốđơnhàng|หมายเลขคำสั่งซื้อ|คำสั่งซื้อ|เลขที่คำสั่งซื้อ|numerongorder|
        pedido|númerodepedido|numerodepedido|idpedido|númerodopedido|numerodopedido|bestellung|bestellnummer|bestellnr|
        commande|numérodecommande|numerodecommande|ordine|numeroordine|numerodordine|
        الطلب|رقمالطلب|注文番号|注文id|주문번호|주문id|주문
    """,
    "channel": """
        channel|platform|source|medium|渠道|平台|频道|頻道|来源|saluran|kanal|kênh|nềntảng|ช่องทาง|แพลตฟอร์ม|
        canal|plataforma|plattform|canale|piattaforma|القناة|المنصة|チャネル|チャンネル|채널|플랫폼
    """,
    "id": """
        id|messageid|msgid|uuid|消息id|訊息id|消息编号|idpesan|idmesej|mãtinnhắn|idtinnhắn|รหัสข้อความ|
        idmensaje|idmensagem|nachrichtid|nachrichtenid|idmessage|idmessaggio|معرفالرسالة|メッセージid|메시지id
    """,
}
FIELDS: Final = tuple(_HEADERS)
"""Fields that a column can be mapped to."""
_ALIASES: Final = {
    "role": "speaker",
    "sent_at": "time",
    "local_time": "time",
    "conversation_id": "conversation",
    "order_id": "order",
    "message_id": "id",
}

_ROLE_WORDS: Final[dict[Speaker, str]] = {
    Speaker.BUYER: """
        buyer|customer|client|user|guest|consumer|shopper|end-user|enduser|visitor|inbound|incoming|received|
        买家|買家|客户|客戶|顾客|顧客|用户|用戶|消费者|消費者|pembeli|pelanggan|kostumer|konsumen|
        người mua|khách|khách hàng|ลูกค้า|ผู้ซื้อ|mamimili|kustomer|comprador|compradora|cliente|
        käufer|käuferin|kunde|kundin|acheteur|acheteuse|client·e|cliente|acquirente|
        المشتري|مشتري|العميل|عميل|الزبون|زبون|購入者|お客様|顧客|買い手|구매자|고객|손님
    """,
    Speaker.SELLER: """
        seller|shop|store|agent|merchant|vendor|support|admin|staff|operator|assistant|customer_service|
        customer service|customerservice|cs|outbound|outgoing|sent|
        卖家|賣家|商家|店家|客服|店铺|店鋪|商户|penjual|toko|admin toko|agen|kedai|peniaga|
        người bán|shop bán|cửa hàng|nhân viên|ผู้ขาย|ร้านค้า|ร้าน|แอดมิน|nagbebenta|tindera|tindahan|
        vendedor|vendedora|tienda|agente|loja|lojista|atendente|verkäufer|verkäuferin|händler|kundendienst|
        vendeur|vendeuse|boutique|venditore|venditrice|negozio|
        البائع|بائع|المتجر|متجر|التاجر|販売者|出品者|店舗|ショップ|판매자|상점|상담원|셀러
    """,
    Speaker.PLATFORM: """
        system|platform|bot platform|notification|系统|系統|平台|sistem|hệ thống|ระบบ|sistema|système|systeme|
        النظام|システム|시스템|plataforma|plattform
    """,
}
_AUTOMATIC_WORDS: Final = frozenset(
    ["bot", "robot", "chatbot", "auto", "机器人", "機器人", "บอท", "ボット", "봇", "챗봇", "روبوت"]
)
_NOT_LETTERS: Final = re.compile(r"[\W_]+")


def _key(header: str) -> str:
    """Headers compare without case, width, spaces and punctuation."""
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", header).casefold())


def _table(source: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    table: dict[str, tuple[str, int]] = {}
    for name, words in source.items():
        for rank, word in enumerate(each.strip() for each in words.split("|")):
            if key := _key(word):
                table.setdefault(key, (name, rank))
    return table


_KNOWN: Final = _table(_HEADERS)
_ROLES: Final = {
    unicodedata.normalize("NFKC", word.strip()).casefold(): role
    for role, words in _ROLE_WORDS.items()
    for word in words.split("|")
}
_CHANNEL_WORDS: Final = {
    "in-app": Channel.IN_APP,
    "inapp": Channel.IN_APP,
    "in app": Channel.IN_APP,
    "marketplace": Channel.IN_APP,
    "wa": Channel.WHATSAPP,
    "tg": Channel.TELEGRAM,
    "fb": Channel.MESSENGER,
    "facebook": Channel.MESSENGER,
    "ig": Channel.INSTAGRAM,
    "kakao": Channel.KAKAOTALK,
    "카카오톡": Channel.KAKAOTALK,
    "微信": Channel.WECHAT,
    "e-mail": Channel.EMAIL,
    "mail": Channel.EMAIL,
    "tiktok shop": Channel.IN_APP,
    "tiktok": Channel.IN_APP,
    "shopee": Channel.IN_APP,
    "lazada": Channel.IN_APP,
    "tokopedia": Channel.IN_APP,
    "amazon": Channel.IN_APP,
    "ebay": Channel.IN_APP,
}


def guess(headers: Sequence[str]) -> dict[str, str]:
    """Field -> header, for the headers that are known words; of several the most usual word, then the first."""
    best: dict[str, tuple[int, str]] = {}
    for header in headers:
        found = _KNOWN.get(_key(header))
        if found is None:
            continue
        name, rank = found
        if name not in best or rank < best[name][0]:
            best[name] = (rank, header)
    return {name: best[name][1] for name in FIELDS if name in best}


def resolve(given: Mapping[str, str], headers: Sequence[str], path: object) -> tuple[dict[str, str], bool]:
    """The mapping for a table: what the user gave, the rest guessed; and whether anything was guessed.

    Raises:
        ScreenerError: E202 for a field that does not exist.
        InputError: E108 when a column that was named is not there, or no column holds the text.

    """
    listed = ", ".join(header[:40] for header in headers[:30])
    columns: dict[str, str] = {}
    for name, header in given.items():
        field = _ALIASES.get(name, name)
        if field not in FIELDS:
            reason = f"no field {name[:40]!r}; fields are {', '.join(FIELDS)}"
            raise ScreenerError("E202", option="columns", reason=reason)
        match = next((each for each in headers if each == header), None)
        match = match or next((each for each in headers if _key(each) == _key(header)), None)
        if match is None:
            raise InputError("E108", path=path, field=field, columns=listed)
        columns[field] = match
    taken = set(columns.values())
    guessed = {k: v for k, v in guess(headers).items() if k not in columns and v not in taken}
    columns |= guessed
    if "text" not in columns:
        raise InputError("E108", path=path, field="text", columns=listed)
    return columns, bool(guessed)


def role_word(value: str) -> tuple[Speaker, bool] | None:
    """The role that a cell names, and whether it names an automatic writer; ``None`` for any other text."""
    word = unicodedata.normalize("NFKC", value).strip().casefold()
    if len(word) > 40:
        return None
    if word in _AUTOMATIC_WORDS:
        return Speaker.SELLER, True
    role = _ROLES.get(word) or _ROLES.get(word.replace("_", " "))
    return (role, False) if role is not None else None


def channel_word(value: str) -> Channel:
    """The channel that a cell names; ``unknown`` for a word that is none."""
    word = unicodedata.normalize("NFKC", value).strip().casefold()
    try:
        return Channel(word.replace(" ", "_"))
    except ValueError:
        return _CHANNEL_WORDS.get(word, Channel.UNKNOWN)


def save_profile(path: Path | str, columns: Mapping[str, str]) -> None:
    """Write a column mapping as YAML.

    Raises:
        ScreenerError: E403 when it cannot be written.

    """
    target = Path(path)
    try:
        with whole_text(target) as file:
            file.write("# Which column of a table holds what: field of the message -> header of the column.\n")
            yaml.safe_dump({"columns": dict(columns)}, file, allow_unicode=True, sort_keys=False)
    except OSError as error:
        raise ScreenerError("E403", path=target, reason=error.strerror or "write error") from None


def load_profile(path: Path | str) -> dict[str, str]:
    """Read a column mapping.

    Raises:
        InputError: E101 when it cannot be read.
        RuleError: E301 when it is not YAML.
        ScreenerError: E202 when it holds no mapping of columns.

    """
    target = Path(path)
    try:
        text = target.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError("E101", path=target, reason=error.strerror or "read error") from None
    except UnicodeDecodeError:
        raise InputError("E101", path=target, reason="it is not UTF-8 text") from None
    try:
        data = parse(text, target).data
    except RecursionError:
        raise RuleError("E301", path=target, line=1, reason="nested too deeply", hint="check the file") from None
    columns = data.get("columns") if isinstance(data, dict) else None
    if not isinstance(columns, dict) or not all(isinstance(k, str) and isinstance(v, str) for k, v in columns.items()):
        raise ScreenerError("E202", option="profile", reason="it has no `columns:` with FIELD: HEADER lines")
    unknown = [k for k in columns if _ALIASES.get(k, k) not in FIELDS]
    if unknown:
        reason = f"no field {unknown[0][:40]!r}; fields are {', '.join(FIELDS)}"
        raise ScreenerError("E202", option="profile", reason=reason)
    return dict(columns)
