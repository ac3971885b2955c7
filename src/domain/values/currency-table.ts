/**
 * ISO 4217: code, number, and English names of each currency. A table of our own, since stored sums are by these codes:
 * a library, or Node's `Intl`, could add and drop codes with an update, and the same events would give other sums.
 * Entries are added and never removed. Compared with currency-codes 2.2.0 and CLDR 48 in November 2026.
 */
export const CURRENCIES = `
  AED 784 UAE Dirham, United Arab Emirates Dirham
  AFN 971 Afghani, Afghan Afghani
  ALL 008 Lek, Albanian Lek
  AMD 051 Armenian Dram
  AOA 973 Kwanza, Angolan Kwanza
  ARS 032 Argentine Peso
  AUD 036 Australian Dollar
  AWG 533 Aruban Florin
  AZN 944 Azerbaijan Manat, Azerbaijani Manat
  BAM 977 Convertible Mark, Bosnia-Herzegovina Convertible Mark
  BBD 052 Barbados Dollar, Barbadian Dollar
  BDT 050 Taka, Bangladeshi Taka
  BGN 975 Bulgarian Lev
  BHD 048 Bahraini Dinar
  BIF 108 Burundi Franc, Burundian Franc
  BMD 060 Bermudian Dollar, Bermudan Dollar
  BND 096 Brunei Dollar
  BOB 068 Boliviano, Bolivian Boliviano
  BRL 986 Brazilian Real
  BSD 044 Bahamian Dollar
  BTN 064 Ngultrum, Bhutanese Ngultrum
  BWP 072 Pula, Botswanan Pula
  BYN 933 Belarusian Ruble
  BZD 084 Belize Dollar
  CAD 124 Canadian Dollar
  CDF 976 Congolese Franc
  CHF 756 Swiss Franc
  CLP 152 Chilean Peso
  CNY 156 Yuan Renminbi, Chinese Yuan
  COP 170 Colombian Peso
  CRC 188 Costa Rican Colon, Costa Rican Colón
  CUP 192 Cuban Peso
  CVE 132 Cabo Verde Escudo, Cape Verdean Escudo
  CZK 203 Czech Koruna
  DJF 262 Djibouti Franc, Djiboutian Franc
  DKK 208 Danish Krone
  DOP 214 Dominican Peso
  DZD 012 Algerian Dinar
  EGP 818 Egyptian Pound
  ERN 232 Nakfa, Eritrean Nakfa
  ETB 230 Ethiopian Birr
  EUR 978 Euro
  FJD 242 Fiji Dollar, Fijian Dollar
  FKP 238 Falkland Islands Pound
  GBP 826 Pound Sterling, British Pound, Pounds Sterling, Sterling
  GEL 981 Lari, Georgian Lari
  GHS 936 Ghana Cedi, Ghanaian Cedi
  GIP 292 Gibraltar Pound
  GMD 270 Dalasi, Gambian Dalasi
  GNF 324 Guinean Franc
  GTQ 320 Quetzal, Guatemalan Quetzal
  GYD 328 Guyana Dollar, Guyanaese Dollar
  HKD 344 Hong Kong Dollar
  HNL 340 Lempira, Honduran Lempira
  HTG 332 Gourde, Haitian Gourde
  HUF 348 Forint, Hungarian Forint
  IDR 360 Rupiah, Indonesian Rupiah
  ILS 376 New Israeli Sheqel, Israeli New Shekel
  INR 356 Indian Rupee
  IQD 368 Iraqi Dinar
  IRR 364 Iranian Rial
  ISK 352 Iceland Krona, Icelandic Króna
  JMD 388 Jamaican Dollar
  JOD 400 Jordanian Dinar
  JPY 392 Yen, Japanese Yen
  KES 404 Kenyan Shilling
  KGS 417 Som, Kyrgyz Som
  KHR 116 Riel, Cambodian Riel
  KMF 174 Comorian Franc
  KPW 408 North Korean Won
  KRW 410 Won, South Korean Won
  KWD 414 Kuwaiti Dinar
  KYD 136 Cayman Islands Dollar
  KZT 398 Tenge, Kazakhstani Tenge
  LAK 418 Lao Kip, Laotian Kip
  LBP 422 Lebanese Pound
  LKR 144 Sri Lanka Rupee, Sri Lankan Rupee
  LRD 430 Liberian Dollar
  LSL 426 Loti, Lesotho Loti
  LYD 434 Libyan Dinar
  MAD 504 Moroccan Dirham
  MDL 498 Moldovan Leu
  MGA 969 Malagasy Ariary
  MKD 807 Denar, Macedonian Denar
  MMK 104 Kyat, Myanmar Kyat
  MNT 496 Tugrik, Mongolian Tugrik
  MOP 446 Pataca, Macanese Pataca
  MRU 929 Ouguiya, Mauritanian Ouguiya
  MUR 480 Mauritius Rupee, Mauritian Rupee
  MVR 462 Rufiyaa, Maldivian Rufiyaa
  MWK 454 Malawi Kwacha, Malawian Kwacha
  MXN 484 Mexican Peso
  MYR 458 Malaysian Ringgit
  MZN 943 Mozambique Metical, Mozambican Metical
  NAD 516 Namibia Dollar, Namibian Dollar
  NGN 566 Naira, Nigerian Naira
  NIO 558 Cordoba Oro, Nicaraguan Córdoba
  NOK 578 Norwegian Krone
  NPR 524 Nepalese Rupee
  NZD 554 New Zealand Dollar
  OMR 512 Rial Omani, Omani Rial
  PAB 590 Balboa, Panamanian Balboa
  PEN 604 Sol, Peruvian Sol
  PGK 598 Kina, Papua New Guinean Kina
  PHP 608 Philippine Peso
  PKR 586 Pakistan Rupee, Pakistani Rupee
  PLN 985 Zloty, Polish Zloty
  PYG 600 Guarani, Paraguayan Guarani
  QAR 634 Qatari Rial, Qatari Riyal
  RON 946 Romanian Leu
  RSD 941 Serbian Dinar
  RUB 643 Russian Ruble
  RWF 646 Rwanda Franc, Rwandan Franc
  SAR 682 Saudi Riyal
  SBD 090 Solomon Islands Dollar
  SCR 690 Seychelles Rupee, Seychellois Rupee
  SDG 938 Sudanese Pound
  SEK 752 Swedish Krona
  SGD 702 Singapore Dollar
  SHP 654 Saint Helena Pound
  SLE 925 Leone, Sierra Leonean Leone
  SOS 706 Somali Shilling
  SRD 968 Surinam Dollar, Surinamese Dollar
  SSP 728 South Sudanese Pound
  STN 930 Dobra, São Tomé & Príncipe Dobra
  SVC 222 El Salvador Colon, Salvadoran Colón
  SYP 760 Syrian Pound
  SZL 748 Lilangeni, Swazi Lilangeni
  THB 764 Baht, Thai Baht
  TJS 972 Somoni, Tajikistani Somoni
  TMT 934 Turkmenistan New Manat, Turkmenistani Manat
  TND 788 Tunisian Dinar
  TOP 776 Pa'anga, Tongan Pa'anga
  TRY 949 Turkish Lira
  TTD 780 Trinidad and Tobago Dollar, Trinidad & Tobago Dollar
  TWD 901 New Taiwan Dollar
  TZS 834 Tanzanian Shilling
  UAH 980 Hryvnia, Ukrainian Hryvnia
  UGX 800 Uganda Shilling, Ugandan Shilling
  USD 840 US Dollar
  UYU 858 Peso Uruguayo, Uruguayan Peso
  UZS 860 Uzbekistan Sum, Uzbekistani Som
  VES 928 Bolívar Soberano, Venezuelan Bolívar
  VND 704 Dong, Vietnamese Dong
  VUV 548 Vatu, Vanuatu Vatu
  WST 882 Tala, Samoan Tala
  XAF 950 CFA Franc BEAC, Central African CFA Franc
  XCD 951 East Caribbean Dollar
  XCG 532 Caribbean Guilder
  XOF 952 CFA Franc BCEAO, West African CFA Franc
  XPF 953 CFP Franc
  YER 886 Yemeni Rial
  ZAR 710 Rand, South African Rand
  ZMW 967 Zambian Kwacha
  ZWG 924 Zimbabwe Gold, Zimbabwean Gold
`;

/** Without names: funds, metals, and currencies that are no longer used but are in old orders. */
export const OTHER_CURRENCIES = `
  ADP 020, ANG -, ATS 040, AZM 031, BEF 056, BGL 100, BOV 984, BYB 112, BYR 974, CHE 947, CHW 948, CLF 990,
  COU 970, CSD 891, CUC 931, CYP 196, DEM 276, EEK 233, ESP 724, FIM 246, FRF 250, GHC 288, GRD 300, HRK 191,
  IEP 372, ITL 380, LTL 440, LUF 442, LVL 428, MGF 450, MRO 478, MTL 470, MXV 979, MZM 508, NLG 528, PTE 620,
  ROL 642, RUR 810, SDD 736, SIT 705, SKK 703, SLL 694, SRG 740, STD 678, TMM 795, TRL 792, USN 997, UYI 940,
  UYW 927, VEB 862, VED 926, VEF 937, XAG 961, XAU 959, XDR 960, XPD 964, XPT 962, ZMK 894, ZWD 716, ZWL 932
`;

/** Signs and words that mean one currency wherever they are used. */
export const CURRENCY_SIGNS: Readonly<Record<string, string>> = {
  '€': 'EUR',
  US$: 'USD',
  $US: 'USD',
  U$S: 'USD',
  CA$: 'CAD',
  C$: 'CAD',
  AU$: 'AUD',
  A$: 'AUD',
  NZ$: 'NZD',
  HK$: 'HKD',
  S$: 'SGD',
  NT$: 'TWD',
  MX$: 'MXN',
  R$: 'BRL',
  zł: 'PLN',
  Kč: 'CZK',
  Ft: 'HUF',
  лв: 'BGN',
  '₴': 'UAH',
  '₽': 'RUB',
  руб: 'RUB',
  '₺': 'TRY',
  '₾': 'GEL',
  '₼': 'AZN',
  '₸': 'KZT',
  '₹': 'INR',
  '₪': 'ILS',
  '₩': 'KRW',
  円: 'JPY',
  'CN¥': 'CNY',
  'JP¥': 'JPY',
  RMB: 'CNY',
  CNH: 'CNY',
  Yuan: 'CNY',
  '฿': 'THB',
  '₫': 'VND',
  '₱': 'PHP',
  '₦': 'NGN',
  '₵': 'GHS',
  '₡': 'CRC',
  '₲': 'PYG',
  '₮': 'MNT',
  '៛': 'KHR',
  '₭': 'LAK',
};

/** Signs and words that several currencies use. They mean one of them only in a workspace of that currency. */
export const SHARED_SIGNS: readonly (readonly [signs: string, codes: string])[] = [
  [
    '$',
    'USD ARS AUD BBD BMD BND BSD BZD CAD CLP COP CUP CVE DOP FJD GYD HKD JMD KYD LRD MXN NAD NZD SBD SGD SRD TTD TWD UYU XCD',
  ],
  ['dollar', 'USD AUD BBD BMD BND BSD BZD CAD FJD GYD HKD JMD KYD LRD NAD NZD SBD SGD SRD TTD TWD XCD'],
  ['peso', 'ARS CLP COP CUP DOP MXN PHP UYU'],
  ['£ pound', 'GBP EGP FKP GIP LBP SDG SHP SSP SYP'],
  ['¥', 'JPY CNY'],
  ['元', 'CNY HKD TWD'],
  ['kr', 'SEK NOK DKK ISK'],
  ['krone kroner', 'NOK DKK'],
  ['krona kronor', 'SEK ISK'],
  ['Rs rupee', 'INR LKR MUR NPR PKR SCR'],
  ['Fr franc', 'CHF BIF CDF DJF GNF KMF RWF XAF XOF XPF'],
  ['leu lei', 'RON MDL'],
  ['ruble rouble', 'RUB BYN'],
  ['dinar', 'BHD DZD IQD JOD KWD LYD RSD TND'],
  ['dirham', 'AED MAD'],
  ['riyal rial', 'SAR QAR OMR IRR YER'],
  ['shilling', 'KES SOS TZS UGX'],
];
